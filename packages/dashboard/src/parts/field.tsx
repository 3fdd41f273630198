import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { partsWords as says } from '../words/parts-words.ts'
import { useFieldError } from './field-errors.tsx'

// One object per kind, because the types of attributes depend on the kind of input.
const kinds = {
  text: { type: 'text' },
  // An e-mail input would convert the domain to Punycode, which users would then see.
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
  /** Help for filling in the field. */
  readonly hint?: string
  /** Shown after the value. */
  readonly unit?: string
  /** The error of the field; if absent, the form's error about this field. */
  readonly error?: string
  readonly value?: string
  readonly isOptional?: boolean
  readonly inputMode?: 'text' | 'numeric'
  readonly min?: number
  readonly max?: number
  readonly onInput?: (value: string) => void
}

/** An input with its label, help, unit and error. */
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
  /** Renders the control with the attributes that link it to its label, help and error. */
  readonly children: (attributes: ControlAttributes) => ComponentChildren
}

/** The frame around a control: label, help, unit and error. Also for custom controls. */
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
