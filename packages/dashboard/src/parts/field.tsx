import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { partsWords as says } from '../words/parts-words.ts'
import { useFieldError } from './field-errors.tsx'

// One object for each, because the types of attributes depend on the kind of input.
const kinds = {
  text: { type: 'text' },
  // An e-mail field of a browser hands out the domain in Punycode, and people would read that back.
  email: { type: 'text', inputMode: 'email', spellCheck: false, autoCapitalize: 'none' },
  password: { type: 'password' },
  url: { type: 'url' },
  number: { type: 'number', inputMode: 'decimal', step: 'any' },
  date: { type: 'date' },
  'date and time': { type: 'datetime-local' },
} as const

export type FieldProps = {
  readonly label: string
  readonly name: string
  readonly type?: keyof typeof kinds
  readonly autoComplete?: string
  readonly placeholder?: string
  /** What a person has to know to fill it in. */
  readonly hint?: string
  /** Stands behind the figure. */
  readonly unit?: string
  /** What is wrong with what was entered; without it, what the form's refusal says of this field. */
  readonly error?: string
  readonly value?: string
  readonly isOptional?: boolean
  readonly inputMode?: 'text' | 'numeric'
  readonly min?: number
  readonly max?: number
  readonly onInput?: (value: string) => void
}

/** One thing to fill in, with its help, its unit and what is wrong with it. */
export function Field(props: FieldProps) {
  const { type = 'text', autoComplete = 'off', placeholder = '', value, inputMode, min, max, onInput } = props
  return (
    <FieldFrame {...props}>
      {(attributes) => (
        <input
          {...kinds[type]}
          {...attributes}
          autoComplete={autoComplete}
          placeholder={placeholder}
          {...(value === undefined ? {} : { defaultValue: value })}
          {...(inputMode === undefined ? {} : { inputMode })}
          {...(min === undefined ? {} : { min })}
          {...(max === undefined ? {} : { max })}
          onInput={({ currentTarget }) => onInput?.(currentTarget.value)}
        />
      )}
    </FieldFrame>
  )
}

type ControlAttributes = {
  readonly id: string
  readonly name: string
  readonly required: boolean
  readonly 'aria-invalid'?: 'true'
  readonly 'aria-describedby'?: string
}

type FrameProps = Pick<FieldProps, 'label' | 'name' | 'hint' | 'unit' | 'error' | 'isOptional'> & {
  /** Draws the control with what ties it to its label, its help and its error. */
  readonly children: (attributes: ControlAttributes) => ComponentChildren
}

/** What stands around any control: of one's own too. */
export function FieldFrame({ label, name, hint, unit, error, isOptional = false, children }: FrameProps) {
  const id = useId()
  const refused = useFieldError(name)
  const wrong = error ?? refused
  const described = [
    ...(wrong === undefined ? [] : [`${id}-error`]),
    ...(hint === undefined ? [] : [`${id}-hint`]),
  ]
  const control = children({
    id,
    name,
    required: !isOptional,
    ...(wrong === undefined ? {} : { 'aria-invalid': 'true' as const }),
    ...(described.length === 0 ? {} : { 'aria-describedby': described.join(' ') }),
  })
  return (
    <div class={wrong === undefined ? 'field' : 'field wrong'}>
      <span class="field-head">
        <label for={id}>{label}</label>
        {isOptional ? <span aria-hidden="true">{says.optional}</span> : null}
      </span>
      {unit === undefined ? (
        control
      ) : (
        <span class="with-unit">
          {control}
          <span class="unit">{unit}</span>
        </span>
      )}
      {wrong === undefined ? null : (
        <small id={`${id}-error`} class="field-error" role="alert">
          {wrong}
        </small>
      )}
      {hint === undefined ? null : <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}
