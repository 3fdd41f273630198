/** A question whose answer the specification prints, and what this build answers. */
export type KnownAnswer = {
  readonly name: string
  readonly expected: unknown
  readonly compute: () => unknown
}
