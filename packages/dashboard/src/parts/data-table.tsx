import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { words } from '../words.ts'
import { partsWords } from '../words/parts-words.ts'
import { EmptyState } from './empty-state.tsx'
import { TableBar } from './table-bar.tsx'
import type { Cell } from './table-export.ts'
import { TableHead } from './table-head.tsx'
import { type Selection, useSelection } from './table-selection.ts'
import type { TableControl } from './table-state.ts'
import { useTableKeys } from './table-keys.ts'
import { useTableView } from './table-view.ts'
import { toColumnClass } from './to-column-class.ts'
import { useTableWindow } from './use-table-window.ts'

const says = partsWords.table

export type Column<Row> = {
  readonly id: string
  readonly title: string
  /** The exported value, which is also shown unless `cell` is given. */
  readonly value: (row: Row) => Cell
  readonly cell?: (row: Row) => ComponentChildren
  readonly isNumber?: true
  /** Whether the title sorts the table; the page sorts the rows, or has the server do it. */
  readonly isSortable?: true
  /** A share of the table's width; columns without one divide the rest. */
  readonly width?: string
  /** Hidden on phones and tablets. */
  readonly isMinor?: true
  /** Hidden where its width would be taken from names: below 1,360 px. */
  readonly isSpare?: true
}

export type DataTableProps<Row> = {
  /** Names the exported file and the stored column settings. */
  readonly name: string
  readonly label: string
  readonly columns: readonly Column<Row>[]
  /** In display order. */
  readonly rows: readonly Row[]
  readonly idOf: (row: Row) => string
  /** The name of a row in its selection checkbox. */
  readonly nameOf: (row: Row) => string
  /** Without it, the table has no search or sorting. */
  readonly control?: TableControl
  /** The total number of rows, if not all are loaded. */
  readonly total?: number
  readonly more?: { readonly isBusy: boolean; readonly load: () => void }
  /** Called on Enter or a click on the row. */
  readonly onOpen?: (row: Row) => void
  /** Actions on all selected rows; if given, rows can be selected. */
  readonly bulk?: (rows: readonly Row[], clear: () => void) => ComponentChildren
  /** Controls beside the search, such as a filter by state. */
  readonly filters?: ComponentChildren
  /** Reads all rows for an export, if not all are loaded. */
  readonly readAll?: () => Promise<readonly Row[]>
  /** Shown instead of the table if there are no rows at all. */
  readonly empty?: ComponentChildren
}

/** A table with search, sorting, selection, export and keyboard control; fast with 10,000 rows. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, label, columns, rows, idOf, control, bulk, more, total, empty } = props
  const view = useTableView(name)
  const ids = rows.map(idOf)
  const selection = useSelection(ids)
  const [activeId, setActiveId] = useState<string>()
  const active = Math.max(0, activeId === undefined ? 0 : ids.indexOf(activeId))
  const box = useRef<HTMLDivElement>(null)
  const rowPixels = view.isDense ? 32 : 44
  const shown = useTableWindow(box, rows.length, rowPixels)
  const isAtEnd = shown.abovePixels > 0 && shown.belowPixels === 0
  useEffect(() => {
    // Scrolling to the end loads the next page.
    if (isAtEnd && more?.isBusy === false) more.load()
  }, [isAtEnd, rows.length])
  const openAt = (index: number): void => {
    const row = rows[index]
    if (row !== undefined) props.onOpen?.(row)
  }
  const onKeyDown = useTableKeys({
    box,
    count: rows.length,
    active,
    rowPixels,
    move: (index) => setActiveId(ids[index]),
    open: openAt,
    ...(bulk === undefined
      ? {}
      : { select: (index: number, isRange: boolean) => selection.toggle(ids[index] ?? '', isRange) }),
    clear: selection.clear,
  })
  const isFiltered =
    control !== undefined && (control.state.search !== '' || Object.keys(control.state.filters).length > 0)
  if (rows.length === 0 && !isFiltered && empty !== undefined) return <>{empty}</>
  const visible = columns.filter(({ id }) => !view.hidden.has(id))
  const chosen = rows.filter((row) => selection.ids.has(idOf(row)))
  return (
    <section class="data" aria-label={label}>
      <TableBar {...props} view={view} />
      {rows.length === 0 ? (
        <EmptyState title={says.none} text={says.noneText}>
          <button type="button" onClick={() => control?.change({ search: '', filters: {} })}>
            {says.clearFilters}
          </button>
        </EmptyState>
      ) : (
        <div ref={box} class="data-box" onKeyDown={onKeyDown}>
          <table
            class={view.isDense ? 'data-table dense' : 'data-table'}
            aria-label={label}
            aria-rowcount={(total ?? rows.length) + 1}
          >
            <TableHead
              columns={visible}
              {...(control === undefined ? {} : { control })}
              {...(bulk === undefined ? {} : { selection: { ...selection, count: rows.length } })}
            />
            <tbody>
              <Spacer pixels={shown.abovePixels} columns={visible.length + 1} />
              {rows.slice(shown.from, shown.to).map((row, offset) => (
                <TableRow
                  key={idOf(row)}
                  {...props}
                  row={row}
                  columns={visible}
                  index={shown.from + offset}
                  isActive={shown.from + offset === active}
                  selection={selection}
                  onFocus={() => setActiveId(idOf(row))}
                  onPress={() => openAt(shown.from + offset)}
                />
              ))}
              <Spacer pixels={shown.belowPixels} columns={visible.length + 1} />
            </tbody>
          </table>
        </div>
      )}
      <p class="data-foot muted small">
        {total === undefined || total === rows.length
          ? says.shown(toCount(rows.length))
          : says.shownOf(toCount(rows.length), toCount(total))}
        {more === undefined ? null : (
          <button type="button" class="link" disabled={more.isBusy} onClick={more.load}>
            {more.isBusy ? words.loading : says.more}
          </button>
        )}
      </p>
      {bulk === undefined || chosen.length === 0 ? null : (
        <div class="bulk" role="region" aria-label={says.selected(toCount(chosen.length))}>
          <strong>{says.selected(toCount(chosen.length))}</strong>
          {bulk(chosen, selection.clear)}
          <button type="button" class="quiet" onClick={selection.clear}>
            {says.clear}
          </button>
        </div>
      )}
    </section>
  )
}

function TableRow<Row>({
  row,
  columns,
  index,
  isActive,
  selection,
  idOf,
  nameOf,
  bulk,
  onOpen,
  onFocus,
  onPress,
}: DataTableProps<Row> & {
  readonly row: Row
  readonly index: number
  readonly isActive: boolean
  readonly selection: Selection
  readonly onFocus: () => void
  readonly onPress: () => void
}) {
  const id = idOf(row)
  const isSelected = selection.ids.has(id)
  return (
    <tr
      data-row={index}
      tabIndex={isActive ? 0 : -1}
      // The header is the first row.
      aria-rowindex={index + 2}
      class={onOpen === undefined ? '' : 'can-open'}
      {...(bulk === undefined ? {} : { 'aria-selected': isSelected })}
      onFocus={onFocus}
      onClick={({ target }) => {
        // A click on a control in the row, or a text selection, does not open the row.
        const isOwn = target instanceof Element && target.closest('a, button, input, label, select') !== null
        if (!isOwn && getSelection()?.isCollapsed !== false) onPress()
      }}
    >
      {bulk === undefined ? null : (
        <td class="tick">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={says.select(nameOf(row))}
            checked={isSelected}
            onClick={({ shiftKey }) => selection.toggle(id, shiftKey)}
          />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.id} class={`cut ${toColumnClass(column)}`}>
          {column.cell === undefined ? toShown(column.value(row)) : column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

function Spacer({ pixels, columns }: { readonly pixels: number; readonly columns: number }) {
  if (pixels === 0) return null
  return (
    <tr aria-hidden="true" class="spacer">
      <td colSpan={columns} style={{ height: `${pixels}px` }} />
    </tr>
  )
}

function toShown(value: Cell): string {
  return value === null ? words.none : String(value)
}

function toCount(count: number): string {
  return count.toLocaleString(document.documentElement.lang)
}
