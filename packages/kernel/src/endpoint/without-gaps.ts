type Given<T> = { [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name] } & {
  [Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined>
}

/** Drops the members whose value is undefined. */
export function withoutGaps<T extends object>(sent: T): Given<T> {
  const given = Object.entries(sent).filter(([, value]) => value !== undefined)
  // Safe: each remaining member has the type it was given with.
  return Object.fromEntries(given) as Given<T>
}
