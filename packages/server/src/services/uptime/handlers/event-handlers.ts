import { EventsReply, type HandlersOf } from '@gatehouse/kernel/endpoint'
import { followFrom } from '../../../service/follow-from.ts'
import { type eventEndpoints, liveEvents } from '../contract/events.ts'
import type { UptimeDeps } from '../deps.ts'

const known: ReadonlySet<string> = new Set(liveEvents)

export function eventHandlers({ live }: Pick<UptimeDeps, 'live'>): HandlersOf<typeof eventEndpoints> {
  return {
    followMonitors: ({ orgId }, _input, { header }) =>
      new EventsReply(
        followFrom(live, orgId, header('last-event-id'), (told, { send }) => {
          if (told.kind === 'gap') send({ id: String(told.seq), event: 'gap', data: {} })
          if (told.kind !== 'event' || !known.has(told.event)) return
          const { seq, event, atMs, body } = told
          send({ id: String(seq), event, data: { at: new Date(atMs).toISOString(), ...toMembers(body) } })
        }),
      ),
  }
}

function toMembers(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {}
}
