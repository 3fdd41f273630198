import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { VenueError } from '../venues/rest-door.ts'

export type Unread = { readonly symbol: string; readonly error: unknown }

/** What was last said of each feed. */
const told = new WeakMap<object, string>()

/**
 * Says in one line which histories of a venue could not be read; an outage is told once, and not again with each attempt. What
 * the venue did needs no stack: it is no fault of ours.
 */
export function tellUnread(
  log: Pick<Logger, 'warn'>,
  feed: { readonly venue: string },
  unread: readonly Unread[],
): void {
  const [first, ...others] = unread
  if (first === undefined) {
    told.delete(feed)
    return
  }
  const fields =
    first.error instanceof VenueError ? { error: first.error.message } : toErrorFields(first.error)
  const what = others.length === 0 ? first.symbol : `${unread.length} symbols`
  const line = `The history of ${what} at ${feed.venue} could not be read`
  const said = JSON.stringify([line, fields.error])
  if (told.get(feed) === said) return
  told.set(feed, said)
  log.warn(line, fields)
}
