type Log<Row> = { readonly rows: readonly Row[]; readonly hasMore: boolean }

/**
 * Logs that come in pages, as one, newest first. What is older than the end of a log that goes on is left out: something of
 * that log may belong between.
 */
export function mergeLogs<Row extends { readonly at: string }>(logs: readonly Log<Row>[]): readonly Row[] {
  const ends = logs.flatMap(({ rows, hasMore }) => (hasMore ? [rows.at(-1)?.at ?? ''] : []))
  const horizon = ends.toSorted().at(-1) ?? ''
  return logs
    .flatMap(({ rows }) => rows)
    .filter(({ at }) => at >= horizon)
    .toSorted((one, other) => other.at.localeCompare(one.at))
}
