import { type EventConnection, EventsReply, type HandlersOf } from '@gatehouse/kernel/endpoint'
import type { Told } from '@gatehouse/kernel/live'
import { followFrom } from '../../service/follow-from.ts'
import type { liveEndpoints } from '../contract/live.ts'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'

export function liveHandlers({ live }: Pick<PlatformDeps, 'live'>): HandlersOf<typeof liveEndpoints> {
  return {
    followChanges: ({ orgId }, _input, { header }) =>
      new EventsReply((connection) => {
        const changes = gatherChanges(connection)
        const leave = followFrom(live, orgId, header('last-event-id'), changes.note)(connection)
        return () => {
          changes.stop()
          leave()
        }
      }),
  }
}

type Changes = { readonly note: (told: Told) => void; readonly stop: () => void }

const { changesEveryMs, idsMax } = policy.live

/** Sends the first change immediately, and all that follow within a second together. */
function gatherChanges({ send }: EventConnection): Changes {
  const topics = new Map<string, Set<string> | 'many'>()
  let lastSeq: number | undefined
  let isGap = false
  let timer: NodeJS.Timeout | undefined

  const tell = (): void => {
    timer = undefined
    if (topics.size === 0 && !isGap) return
    const id = lastSeq === undefined ? {} : { id: String(lastSeq) }
    if (isGap) send({ ...id, event: 'gap', data: {} })
    else
      send({
        ...id,
        event: 'changed',
        data: {
          changes: [...topics].map(([topic, ids]) =>
            ids === 'many' || ids.size === 0 ? { topic } : { topic, ids: [...ids] },
          ),
        },
      })
    topics.clear()
    isGap = false
    timer = setTimeout(tell, changesEveryMs)
    timer.unref()
  }
  const add = (topic: string, subject: string | undefined): void => {
    const known = topics.get(topic)
    if (known === 'many') return
    if (subject === undefined || (known !== undefined && known.size >= idsMax))
      return void topics.set(topic, 'many')
    topics.set(topic, (known ?? new Set()).add(subject))
  }

  return {
    note: (told) => {
      if (told.kind === 'gap') isGap = true
      else add(told.topic, told.kind === 'event' ? told.subject : undefined)
      if (told.kind !== 'hint') lastSeq = told.seq
      if (timer !== undefined) return
      timer = setTimeout(tell, 0)
    },
    stop: () => clearTimeout(timer),
  }
}
