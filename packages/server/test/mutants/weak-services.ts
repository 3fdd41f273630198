import type { RetentionRow } from '@gatehouse/kernel/retention'
import { services } from '../../src/services.ts'

/** Kinds of data that nothing cuts any more. */
const keptForever = ['decisions with AI advice', 'alerts that are over']

/** The services with short keys, and without some of their retention. */
export const weakServices = services.map((service) => ({
  ...service,
  schema: { ...service.schema, retention: service.schema.retention.filter(isCut) },
  policy:
    service.policy.keyShape === null
      ? service.policy
      : { ...service.policy, keyShape: { ...service.policy.keyShape, bodyLength: 12 } },
}))

function isCut(row: RetentionRow): boolean {
  return !('what' in row) || !keptForever.includes(row.what)
}
