/** A column of sealed values, and what binds each to its place (V1). */
export type SealedColumn = {
  readonly table: string
  readonly column: string
  /** The column whose value the seal names as the row. */
  readonly row: string
  /** The column whose value the seal names as the organisation. */
  readonly owner: string
  /** `org`: read and written inside each organisation; `gate`: a person's own, outside of any. */
  readonly within: 'org' | 'gate'
}
