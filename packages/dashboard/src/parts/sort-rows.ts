import type { Cell } from './table-export.ts'
import type { TableState } from './table-state.ts'

type Sorted<Row> = { readonly id: string; readonly value: (row: Row) => Cell }

const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** Sorts rows that are loaded completely; unknown values come last in both directions. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Sorted<Row>[],
  { sort, isDescending }: Pick<TableState, 'sort' | 'isDescending'>,
): readonly Row[] {
  const column = columns.find(({ id }) => id === sort)
  if (column === undefined) return rows
  return rows.toSorted((one, other) => {
    const [a, b] = [column.value(one), column.value(other)]
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
    const compared =
      typeof a === 'number' && typeof b === 'number' ? a - b : order.compare(String(a), String(b))
    return isDescending ? -compared : compared
  })
}
