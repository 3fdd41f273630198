import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { Complaint } from './parts.tsx'
import { FieldErrors } from './parts/field-errors.tsx'
import { FieldFrame } from './parts/field.tsx'
import { useReturnFocus } from './parts/return-focus.ts'
import { words } from './words.ts'

export type Choice<Value extends string = string> = { readonly value: Value; readonly text: string }

type SelectProps<Value extends string> = {
  readonly label: string
  readonly name: string
  readonly choices: readonly Choice<Value>[]
  readonly hint?: string
  readonly onChange?: (value: Value) => void
} & ({ readonly value: Value } | { readonly first?: Value })

/** Controlled if `value` is given; otherwise starts with `first`. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, name, choices, hint, onChange } = props
  return (
    <label class="field">
      <span>{label}</span>
      <select
        name={name}
        {...('value' in props ? { value: props.value } : {})}
        onChange={({ currentTarget }) => {
          const chosen = choices.find(({ value }) => value === currentTarget.value)
          if (chosen !== undefined) onChange?.(chosen.value)
        }}
      >
        {choices.map(({ value, text }) => (
          <option key={value} value={value} selected={'first' in props && value === props.first}>
            {text}
          </option>
        ))}
      </select>
      {hint === undefined ? null : <small>{hint}</small>}
    </label>
  )
}

/** A field with one entry per line. */
export function Lines({
  label,
  name,
  values = [],
  hint,
}: {
  readonly label: string
  readonly name: string
  readonly values?: readonly string[]
  readonly hint?: string
}) {
  return (
    <FieldFrame label={label} name={name} {...(hint === undefined ? {} : { hint })}>
      {(attributes) => (
        <textarea
          {...attributes}
          rows={3}
          spellcheck={false}
          required={false}
          defaultValue={values.join('\n')}
        />
      )}
    </FieldFrame>
  )
}

/** Parses a field with one entry per line. */
export function toLines(text: string): string[] {
  return text.split(/[\s,]+/).filter((line) => line !== '')
}

export function Checks({
  label,
  name,
  choices,
  chosen,
}: {
  readonly label: string
  readonly name: string
  /** `code` is the name that programs use. */
  readonly choices: readonly (Choice & { readonly hint?: string; readonly code?: string })[]
  readonly chosen: readonly string[]
}) {
  return (
    <fieldset class="checks">
      <legend>{label}</legend>
      {choices.map(({ value, text, hint, code }) => (
        <label key={value}>
          <input type="checkbox" name={name} value={value} defaultChecked={chosen.includes(value)} />
          <span>
            {text}
            {hint === undefined ? null : <small>{hint}</small>}
            {code === undefined ? null : <small class="mono">{code}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** The values of all checked boxes with a name. */
export function toChecked(fields: FormData, name: string): string[] {
  return fields.getAll(name).filter((value) => typeof value === 'string')
}

/** A modal dialog, which Escape also closes. */
export function Dialog({
  title,
  text,
  isWide = false,
  onClose,
  children,
}: {
  readonly title: string
  readonly text?: string
  readonly isWide?: boolean
  readonly onClose: () => void
  readonly children: ComponentChildren
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useReturnFocus()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class={isWide ? 'card broad' : 'card'} aria-labelledby={id} onClose={onClose}>
      <h1 id={id}>{title}</h1>
      {text === undefined ? null : <p class="muted">{text}</p>}
      {children}
    </dialog>
  )
}

/** A section of a page with a heading. */
export function Section({
  title,
  text,
  children,
}: {
  readonly title: string
  readonly text?: string
  readonly children: ComponentChildren
}) {
  const id = useId()
  return (
    <section class="part" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {text === undefined ? null : <p class="muted small">{text}</p>}
      </header>
      {children}
    </section>
  )
}

/** Submits the form's values without leaving the page. */
export function Form({
  label,
  class: name = 'add inline',
  error,
  onInput,
  onSubmit,
  children,
}: {
  readonly label: string
  readonly class?: string
  /** The last attempt's error; faults about a field are shown at the field. */
  readonly error?: unknown
  /** Called on each change of a field. */
  readonly onInput?: () => void
  readonly onSubmit: (fields: FormData, form: HTMLFormElement) => void
  readonly children: ComponentChildren
}) {
  return (
    <form
      class={name}
      aria-label={label}
      {...(onInput === undefined ? {} : { onInput })}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(new FormData(event.currentTarget), event.currentTarget)
      }}
    >
      <FieldErrors error={error}>{children}</FieldErrors>
    </form>
  )
}

/** The end of a form that stays open: the error, the button, and a notice that it was saved. */
export function SaveActions({
  save,
  text,
  saved,
  children,
}: {
  readonly save: { readonly error: unknown; readonly isPending: boolean; readonly isSuccess: boolean }
  readonly text: string
  readonly saved: string
  /** Further buttons. */
  readonly children?: ComponentChildren
}) {
  return (
    <>
      <Complaint error={save.error} />
      <div class="actions">
        <button type="submit" class="primary" disabled={save.isPending}>
          {text}
        </button>
        {children}
        {save.isSuccess ? (
          <span class="muted small" role="status">
            {saved}
          </span>
        ) : null}
      </div>
    </>
  )
}

/** A dialog with one form; Escape and the second button cancel it. */
export function DialogForm({
  title,
  text,
  isWide = false,
  submit,
  isDangerous = false,
  isDisabled,
  error,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string
  readonly text?: string
  readonly isWide?: boolean
  readonly submit: string
  readonly isDangerous?: boolean
  readonly isDisabled: boolean
  readonly error: unknown
  readonly onSubmit: (fields: FormData) => void
  readonly onClose: () => void
  readonly children: ComponentChildren
}) {
  return (
    <Dialog title={title} {...(text === undefined ? {} : { text })} isWide={isWide} onClose={onClose}>
      <Form label={title} class="add" error={error} onSubmit={onSubmit}>
        {children}
        <Complaint error={error} />
        <div class="actions">
          <button type="submit" class={isDangerous ? 'danger' : 'primary'} disabled={isDisabled}>
            {submit}
          </button>
          <button type="button" class="quiet" onClick={onClose}>
            {words.cancel}
          </button>
        </div>
      </Form>
    </Dialog>
  )
}

/** A button that loads the next page of a list, if there is one. */
export function Older({
  query,
  text,
}: {
  readonly query: {
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => Promise<unknown>
  }
  readonly text: string
}) {
  if (!query.hasNextPage) return null
  return (
    <div class="actions middle">
      <button type="button" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {text}
      </button>
    </div>
  )
}
