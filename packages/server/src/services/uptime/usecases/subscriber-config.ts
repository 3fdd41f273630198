import { z } from 'zod'
import type { UptimeDeps } from '../deps.ts'

const config = z.strictObject({
  /** Opens the links to this subscription: whoever has it may end it. */
  token: z.string(),
  webhook: z.strictObject({ url: z.string(), secret: z.string() }).optional(),
})

export type SubscriberConfig = z.output<typeof config>

type Place = { readonly orgId: string; readonly id: string }

export function sealSubscriber(
  { sealer }: Pick<UptimeDeps, 'sealer'>,
  place: Place,
  given: SubscriberConfig,
): string {
  return sealer.seal(toContext(place), JSON.stringify(given))
}

export function openSubscriber(
  { sealer }: Pick<UptimeDeps, 'sealer'>,
  place: Place,
  sealed: string,
): SubscriberConfig {
  return config.parse(JSON.parse(sealer.open(toContext(place), sealed).reveal()))
}

function toContext({ orgId, id }: Place) {
  return { orgId, table: 'uptime.subscriber', column: 'sealed_config', row: id }
}
