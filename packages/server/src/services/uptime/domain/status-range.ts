/** An inclusive range. */
export type StatusRange = { readonly from: number; readonly to: number }

/** Parses `expectedStatuses`, such as `200` or `200-299`; they were validated when the monitor was saved. */
export function toStatusRanges(
  expectedStatuses: readonly string[] | undefined,
  expectedStatus: number | undefined,
): readonly StatusRange[] {
  if (expectedStatuses === undefined) {
    const status = expectedStatus ?? 200
    return [{ from: status, to: status }]
  }
  return expectedStatuses.map((range) => {
    const [from, to = from] = range.split('-').map(Number)
    if (from === undefined || to === undefined || !(from <= to)) throw new Error('A status range rises')
    return { from, to }
  })
}
