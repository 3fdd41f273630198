import type { Database } from './database.ts'
import type { Invalidations } from './invalidations.ts'

const lookEveryMs = 500
/** Counted in looks, not in time: while our own loop is held up, nobody looks, and nothing can be heard. */
const silentLooksMax = 10

/**
 * Lets nobody wait for a database that has fallen silent: its connections look alive to TCP for minutes, and whatever it
 * was asked would wait with them. They are cut once the channel that asks it all the time has no answer, and not a byte has
 * come on any of them either: a database that is only slow is left to its work. Returns what ends the watching.
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
