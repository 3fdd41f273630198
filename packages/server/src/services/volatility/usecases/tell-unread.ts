import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { VenueError } from '../venues/rest-door.ts'

export type Unread = { readonly symbol: string; readonly error: unknown }

/** The last message logged for each feed. */
const told = new WeakMap<object, string>()

/**
 * Logs in one line which histories of a venue could not be read; an outage is logged once, not at each attempt.
 * Failures of the venue are logged without a stack.
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
