import { FieldFrame } from '../parts/field.tsx'
import { monitorWords as says } from '../words/monitor-words.ts'
import type { Cells } from './field-values.ts'

const parts = {
  none: [],
  kept: [],
  basic: ['user', 'password'],
  bearer: ['token'],
  header: ['name', 'value'],
} as const
type Way = keyof typeof parts
const secret: ReadonlySet<string> = new Set(['password', 'token', 'value'])
const ways: readonly Way[] = ['none', 'kept', 'basic', 'bearer', 'header']

/** The authentication of a check. A stored secret is never shown; it can be kept or replaced. */
export function AuthControl({
  label,
  name,
  cells,
  hasSecret,
  onType,
}: {
  readonly label: string
  readonly name: string
  readonly cells: Cells
  readonly hasSecret: boolean
  readonly onType: (cells: Cells) => void
}) {
  const way = ways.find((known) => known === cells['way']) ?? 'none'
  return (
    <>
      <FieldFrame label={label} name={name} isOptional>
        {(attributes) => (
          <select
            {...attributes}
            value={way}
            onChange={({ currentTarget }) => onType({ ...cells, way: currentTarget.value })}
          >
            {ways
              .filter((known) => known !== 'kept' || hasSecret)
              .map((known) => (
                <option key={known} value={known} selected={known === way}>
                  {says.ways[known]}
                </option>
              ))}
          </select>
        )}
      </FieldFrame>
      {parts[way].map((part) => (
        <label key={part} class="field">
          <span>{says.cells[part]}</span>
          <input
            {...(secret.has(part) ? ({ type: 'password' } as const) : ({ type: 'text' } as const))}
            autocomplete={secret.has(part) ? 'new-password' : 'off'}
            spellcheck={false}
            required={part !== 'password'}
            value={cells[part] ?? ''}
            onInput={({ currentTarget }) => onType({ ...cells, [part]: currentTarget.value })}
          />
        </label>
      ))}
    </>
  )
}
