import type { Database } from './database.ts'
import type { Invalidations } from './invalidations.ts'

const lookEveryMs = 500
/**
 * Counted in polls, not in milliseconds: while this node's own event loop is blocked, nobody polls and nothing can be
 * received.
 */
const silentLooksMax = 10

/**
 * Cuts the connections to a database that has stopped answering: to TCP they look alive for minutes, and every query
 * would wait for that long. They are cut when the channel, which queries the database all the time, has had no answer
 * and no connection has received a byte meanwhile; a database that is only slow is left to its work. Returns a function
 * that stops the watch.
 */
export function cutOnSilence(
  db: Pick<Database, 'bytesRead' | 'cut'>,
  { isConnected }: Pick<Invalidations, 'isConnected'>,
): () => void {
  let silentLooks = 0
  let bytesBefore = db.bytesRead()
  const timer = setInterval(() => {
    const bytes = db.bytesRead()
    silentLooks = isConnected() || bytes !== bytesBefore ? 0 : silentLooks + 1
    bytesBefore = bytes
    if (silentLooks < silentLooksMax) return
    silentLooks = 0
    db.cut()
  }, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}
