import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { time } from '../../service/shapes.ts'
import { targetWordingVersion } from '../domain/target-wording.ts'

const tag = 'teams'
const path = '/dashboard/acknowledgements/targets'

const reply = {
  status: 200,
  schema: z.strictObject({
    data: z
      .strictObject({
        /** The version of the wording below. */
        version: z.int(),
        wording: z.strictObject({ en: z.string(), ja: z.string() }),
        /** Who acknowledged it last, and which version; null when nobody has. Monitors run either way. */
        acknowledged: z
          .strictObject({
            version: z.int(),
            by: z.strictObject({ id: z.string(), name: z.string().nullable() }),
            at: time,
          })
          .nullable(),
        /** Whether the acknowledged version is the current one. */
        isCurrent: z.boolean(),
      })
      .meta({ id: 'TargetAcknowledgement' }),
  }),
} as const

const readTargetAcknowledgement = defineEndpoint({
  method: 'GET',
  path,
  id: 'readTargetAcknowledgement',
  summary: 'Read whether your organisation has confirmed that it is authorised to monitor its targets',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply,
  problems: [],
})

const acknowledgeTargets = defineEndpoint({
  method: 'PUT',
  path,
  id: 'acknowledgeTargets',
  summary: 'Confirm that your organisation is authorised to monitor its targets',
  tag,
  access: { kind: 'session', role: 'owner' },
  body: z.strictObject({
    /** The version of the wording that was read; an older one is refused. */
    version: z.literal(targetWordingVersion),
  }),
  reply,
  problems: [],
  example: { body: { version: targetWordingVersion } },
})

export const acknowledgementEndpoints = [readTargetAcknowledgement, acknowledgeTargets] as const
