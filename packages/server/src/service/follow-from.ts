import type { EventConnection } from '@gatehouse/kernel/endpoint'
import type { Following, Live, Told } from '@gatehouse/kernel/live'

/**
 * Follows the events of an org on a stream: it continues after the last event that the client received, and sends its
 * position first. A client whose `Last-Event-ID` is not one of ours is sent a gap.
 */
export function followFrom(
  live: Live,
  orgId: string,
  lastEventId: string | undefined,
  tell: (told: Told, connection: EventConnection) => void,
): (connection: EventConnection) => () => void {
  return (connection) => {
    let isOver = false
    let lastSeq = 0
    let following: Following | undefined
    live
      .follow(orgId, toSeq(lastEventId), (told) => {
        if (isOver) return
        if (told.kind !== 'hint') lastSeq = told.seq
        tell(told, connection)
      })
      .then(
        (begun) => {
          following = begun
          if (isOver) return begun.stop()
          connection.send({ id: String(Math.max(lastSeq, begun.seq)), event: 'ready', data: {} })
        },
        // The database is unreachable; the client will reconnect.
        () => connection.end(),
      )
    return () => {
      isOver = true
      following?.stop()
    }
  }
}

function toSeq(lastEventId: string | undefined): number | undefined {
  if (lastEventId === undefined || lastEventId === '') return undefined
  return /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Number.MAX_SAFE_INTEGER
}
