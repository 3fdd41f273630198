import type { Column } from './data-table.tsx'
import type { Selection } from './table-selection.ts'
import type { TableControl } from './table-state.ts'
import { toColumnClass } from './to-column-class.ts'
import { partsWords } from '../words/parts-words.ts'

const says = partsWords.table

export function TableHead<Row>({
  columns,
  control,
  selection,
}: {
  readonly columns: readonly Column<Row>[]
  readonly control?: TableControl
  readonly selection?: Selection & { readonly count: number }
}) {
  return (
    <>
      <colgroup>
        {selection === undefined ? null : <col class="tick" />}
        {columns.map((column) => (
          <col
            key={column.id}
            class={toColumnClass(column)}
            {...(column.width === undefined ? {} : { style: { width: column.width } })}
          />
        ))}
      </colgroup>
      <thead>
        <tr>
          {selection === undefined ? null : (
            <th class="tick" scope="col">
              <input
                type="checkbox"
                aria-label={says.selectAll}
                checked={selection.ids.size === selection.count}
                indeterminate={selection.ids.size > 0 && selection.ids.size < selection.count}
                onClick={selection.toggleAll}
              />
            </th>
          )}
          {columns.map((column) => {
            const { id, title, isSortable } = column
            const isSorted = control?.state.sort === id
            const isDescending = isSorted && control.state.isDescending
            const order = isDescending ? 'descending' : 'ascending'
            return (
              <th
                key={id}
                scope="col"
                class={toColumnClass(column)}
                {...(isSorted ? { 'aria-sort': order } : {})}
              >
                {isSortable === true && control !== undefined ? (
                  <button
                    type="button"
                    class="sorter"
                    onClick={() => control.change({ sort: id, isDescending: isSorted && !isDescending })}
                  >
                    {title}
                    <span aria-hidden="true">{isSorted ? (isDescending ? '↓' : '↑') : ''}</span>
                  </button>
                ) : (
                  title
                )}
              </th>
            )
          })}
        </tr>
      </thead>
    </>
  )
}
