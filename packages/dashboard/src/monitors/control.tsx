import type { Service } from '@gatehouse/sdk'
import { Field, FieldFrame } from '../parts/field.tsx'
import { monitorWords as says } from '../words/monitor-words.ts'
import { AuthControl } from './auth-control.tsx'
import { cellsOf, rowsOf, textOf, type Typed } from './field-values.ts'
import type { FieldSpec } from './kind-fields.ts'
import { RowsControl } from './rows-control.tsx'

const hints: Readonly<Partial<Record<string, string>>> = says.hints
const words: Readonly<Record<string, string>> = says.operators

type Props = {
  readonly field: FieldSpec
  /** The field's path in the body, to which validation errors refer. */
  readonly path: string
  readonly typed: Typed
  readonly onType: (typed: Typed) => void
  readonly pages: readonly Service[]
  /** Whether there is a stored secret that can be kept. */
  readonly hasSecret: boolean
}

/** The input for a field of the table, by its kind of control. */
export function ControlOf({ field, path, typed, onType, pages, hasSecret }: Props) {
  const { member, control, isOptional = false } = field
  const hint = hints[member]
  const shared = {
    label: says.fields[member],
    name: path,
    isOptional,
    ...(hint === undefined ? {} : { hint }),
  }
  switch (control.kind) {
    case 'text':
    case 'url':
    case 'statuses':
    case 'labels':
      return <Field {...shared} value={textOf(typed)} onInput={onType} />
    case 'number':
      return (
        <Field
          {...shared}
          inputMode="numeric"
          value={textOf(typed)}
          {...(control.unit === undefined ? {} : { unit: says.units[control.unit] })}
          onInput={onType}
        />
      )
    case 'block':
      return (
        <FieldFrame {...shared}>
          {(attributes) => (
            <textarea
              {...attributes}
              rows={4}
              spellcheck={false}
              defaultValue={textOf(typed)}
              onInput={({ currentTarget }) => onType(currentTarget.value)}
            />
          )}
        </FieldFrame>
      )
    case 'choice':
      return (
        <Choice
          shared={shared}
          chosen={textOf(typed)}
          options={control.options.map((value) => ({ value, text: words[value] ?? value }))}
          onType={onType}
        />
      )
    case 'page':
      return (
        <Choice
          shared={shared}
          chosen={textOf(typed)}
          options={pages.map(({ id, name }) => ({ value: id, text: name }))}
          onType={onType}
        />
      )
    case 'tick':
      return (
        <label class="tickable">
          <input
            type="checkbox"
            name={path}
            checked={typed === true}
            onChange={({ currentTarget }) => onType(currentTarget.checked)}
          />
          <span>{says.fields[member]}</span>
        </label>
      )
    case 'rows':
      return <RowsControl {...shared} columns={control.columns} rows={rowsOf(typed)} onType={onType} />
    case 'auth':
      return <AuthControl {...shared} cells={cellsOf(typed)} hasSecret={hasSecret} onType={onType} />
  }
}

function Choice({
  shared,
  chosen,
  options,
  onType,
}: {
  readonly shared: { readonly label: string; readonly name: string; readonly isOptional: boolean }
  readonly chosen: string
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly onType: (typed: string) => void
}) {
  return (
    <FieldFrame {...shared}>
      {(attributes) => (
        <select {...attributes} value={chosen} onChange={({ currentTarget }) => onType(currentTarget.value)}>
          {options.map(({ value, text }) => (
            <option key={value} value={value} selected={value === chosen}>
              {text}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  )
}
