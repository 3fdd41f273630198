import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

/** Runs one after the other, on whichever node: probes that work at the same time would measure each other. */
export const probeQueue = 'posture'

export const probeJob = defineJob({
  name: 'posture.probe',
  payload: z.strictObject({
    orgId: z.string(),
    /** Of a run that somebody asked for; null: what is due. */
    runId: z.string().nullable(),
  }),
})
