/** A column of sealed values, and what binds each value to its place (V1). */
export type SealedColumn = {
  readonly table: string
  readonly column: string
  /** The column whose value the seal uses as the row. */
  readonly row: string
  /** The column whose value the seal uses as the org. */
  readonly owner: string
  /** `org`: read and written inside each org; `gate`: a person's own values, outside any org. */
  readonly within: 'org' | 'gate'
}
