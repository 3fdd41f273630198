/** A computation whose result the specification prints, and what this build computes. */
export type KnownAnswer = {
  readonly name: string
  readonly expected: unknown
  readonly compute: () => unknown
}
