import { useState } from 'preact/hooks'
import { saveFile } from '../save-file.ts'
import { partsWords } from '../words/parts-words.ts'
import type { DataTableProps } from './data-table.tsx'
import { Popover } from './popover.tsx'
import { toCsv, toJson } from './table-export.ts'
import type { TableView } from './table-view.ts'

const says = partsWords.table

/** The controls above a table. */
export function TableBar<Row>({
  name,
  label,
  columns,
  rows,
  control,
  filters,
  readAll,
  view,
}: DataTableProps<Row> & { readonly view: TableView }) {
  const [isBusy, setIsBusy] = useState(false)
  const save = async (kind: 'csv' | 'json'): Promise<void> => {
    setIsBusy(true)
    try {
      const all = readAll === undefined ? rows : await readAll()
      const [text, type] =
        kind === 'csv' ? [toCsv(columns, all), 'text/csv'] : [toJson(columns, all), 'application/json']
      saveFile(new Blob([text], { type }), `${name}.${kind}`)
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <div class="data-bar">
      {control === undefined ? null : (
        <input
          type="search"
          class="search"
          data-search
          aria-label={says.search(label)}
          placeholder={says.search(label)}
          value={control.state.search}
          onInput={({ currentTarget }) => control.change({ search: currentTarget.value })}
        />
      )}
      {filters}
      <Popover label={says.view}>
        <fieldset class="choice">
          <legend>{says.density}</legend>
          <div class="segments">
            {([false, true] as const).map((isDense) => (
              <button
                key={String(isDense)}
                type="button"
                aria-pressed={view.isDense === isDense}
                onClick={() => view.setDense(isDense)}
              >
                {isDense ? says.densities.dense : says.densities.roomy}
              </button>
            ))}
          </div>
        </fieldset>
        <fieldset class="choice">
          <legend>{says.columns}</legend>
          {columns.map(({ id, title }, index) => (
            <label key={id} class="tickable">
              <input
                type="checkbox"
                checked={!view.hidden.has(id)}
                // The first column cannot be hidden, because it identifies the row.
                disabled={index === 0}
                onClick={() => view.toggleColumn(id)}
              />
              {title}
            </label>
          ))}
        </fieldset>
        <button type="button" class="quiet" disabled={isBusy} onClick={() => void save('csv')}>
          {says.csv}
        </button>
        <button type="button" class="quiet" disabled={isBusy} onClick={() => void save('json')}>
          {says.json}
        </button>
      </Popover>
    </div>
  )
}
