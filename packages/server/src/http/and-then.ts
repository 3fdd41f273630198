/** A value that is available now, or later. */
export type MaybeLater<T> = T | Promise<T>

/**
 * Calls `next` with a value, synchronously if it is available: a promise that waits for nothing would cost more than
 * most of the steps of a request.
 */
export function andThen<T, U>(value: MaybeLater<T>, next: (value: T) => MaybeLater<U>): MaybeLater<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
