type Given<T> = { [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name] } & {
  [Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined>
}

/** The members that were sent: one without a value is as good as none. */
export function withoutGaps<T extends object>(sent: T): Given<T> {
  const given = Object.entries(sent).filter(([, value]) => value !== undefined)
  // Safe: what is left has a value, of the type that was sent for it.
  return Object.fromEntries(given) as Given<T>
}
