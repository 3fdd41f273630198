import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

/** Runs are serialized over all nodes: concurrent probes would distort each other's measurements. */
export const probeQueue = 'posture'

export const probeJob = defineJob({
  name: 'posture.probe',
  payload: z.strictObject({
    orgId: z.string(),
    /** The id of a requested run; null for a run of what is due. */
    runId: z.string().nullable(),
  }),
})
