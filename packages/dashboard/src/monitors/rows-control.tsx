import { FieldFrame } from '../parts/field.tsx'
import { Icon } from '../frame/icon.tsx'
import { monitorWords as says } from '../words/monitor-words.ts'
import type { Cells } from './field-values.ts'
import type { RowColumn } from './kind-fields.ts'

const titles: Readonly<Record<string, string>> = says.cells
const operators: Readonly<Record<string, string>> = says.operators

/** A list of equal items, one per line, such as headers. */
export function RowsControl({
  label,
  name,
  hint,
  columns,
  rows,
  onType,
}: {
  readonly label: string
  readonly name: string
  readonly hint?: string
  readonly columns: readonly RowColumn[]
  readonly rows: readonly Cells[]
  readonly onType: (rows: readonly Cells[]) => void
}) {
  const set = (at: number, column: string, value: string): void =>
    onType(rows.map((row, index) => (index === at ? { ...row, [column]: value } : row)))
  return (
    <FieldFrame label={label} name={name} isOptional {...(hint === undefined ? {} : { hint })}>
      {({ id, 'aria-describedby': described }) => (
        <div
          id={id}
          class="rows"
          role="group"
          aria-label={label}
          {...(described === undefined ? {} : { 'aria-describedby': described })}
        >
          {rows.map((row, at) => (
            // A line is identified only by its position.
            <div class="row" key={at}>
              {columns.map((column) => (
                <Cell
                  key={column.name}
                  column={column}
                  label={`${titles[column.name] ?? column.name} ${at + 1}`}
                  value={row[column.name] ?? ''}
                  onType={(value) => set(at, column.name, value)}
                />
              ))}
              <button
                type="button"
                class="quiet"
                aria-label={says.removeRow(label, String(at + 1))}
                onClick={() => onType(rows.filter((_, index) => index !== at))}
              >
                <Icon name="cross" />
              </button>
            </div>
          ))}
          <button
            type="button"
            class="link"
            onClick={() =>
              onType([
                ...rows,
                Object.fromEntries(columns.map(({ name: own, options }) => [own, options?.[0] ?? ''])),
              ])
            }
          >
            {says.addRow(label)}
          </button>
        </div>
      )}
    </FieldFrame>
  )
}

function Cell({
  column: { options },
  label,
  value,
  onType,
}: {
  readonly column: RowColumn
  readonly label: string
  readonly value: string
  readonly onType: (value: string) => void
}) {
  if (options === undefined)
    return (
      <input
        aria-label={label}
        placeholder={label.replace(/ \d+$/, '')}
        autocomplete="off"
        spellcheck={false}
        value={value}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
      />
    )
  return (
    <select aria-label={label} value={value} onChange={({ currentTarget }) => onType(currentTarget.value)}>
      {options.map((option) => (
        <option key={option} value={option} selected={option === value}>
          {operators[option] ?? option}
        </option>
      ))}
    </select>
  )
}
