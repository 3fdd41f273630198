type Log<Row> = { readonly rows: readonly Row[]; readonly hasMore: boolean }

/**
 * Merges paginated logs, newest first. Rows older than the last loaded row of an unfinished log are left out, because
 * rows of that log may belong between them.
 */
export function mergeLogs<Row extends { readonly at: string }>(logs: readonly Log<Row>[]): readonly Row[] {
  const ends = logs.flatMap(({ rows, hasMore }) => (hasMore ? [rows.at(-1)?.at ?? ''] : []))
  const horizon = ends.toSorted().at(-1) ?? ''
  return logs
    .flatMap(({ rows }) => rows)
    .filter(({ at }) => at >= horizon)
    .toSorted((one, other) => other.at.localeCompare(one.at))
}
