import { FieldFrame, type FieldProps } from './field.tsx'

/** A multi-line input. */
export function TextArea({
  rows = 4,
  value,
  onInput,
  ...frame
}: Pick<FieldProps, 'label' | 'name' | 'hint' | 'error' | 'isOptional' | 'value' | 'onInput'> & {
  readonly rows?: number
}) {
  return (
    <FieldFrame {...frame}>
      {(attributes) => (
        <textarea
          {...attributes}
          rows={rows}
          {...(value === undefined ? {} : { defaultValue: value })}
          onInput={({ currentTarget }) => onInput?.(currentTarget.value)}
        />
      )}
    </FieldFrame>
  )
}
