/** Something that is there at once, or comes later. */
export type MaybeLater<T> = T | Promise<T>

/** Goes on with what is there, or once it is: a promise where nothing waits would cost more than most of what is done. */
export function andThen<T, U>(value: MaybeLater<T>, next: (value: T) => MaybeLater<U>): MaybeLater<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
