import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Complaint } from './parts.tsx'
import { FieldErrors } from './parts/field-errors.tsx'
import { useTitle } from './use-title.ts'
import { words } from './words.ts'

type DoorProps = {
  readonly title: string
  readonly text: string
  readonly submit: string
  readonly onSubmit: (fields: FormData) => Promise<void>
  /** Content below the button, such as another way to sign in. */
  readonly after?: ComponentChildren
  readonly children?: ComponentChildren
}

/** The card for signing in and similar forms. */
export function Door({ title, text, submit, onSubmit, after, children }: DoorProps) {
  useTitle(title)
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const enter = async (form: HTMLFormElement): Promise<void> => {
    setIsBusy(true)
    setError(undefined)
    try {
      await onSubmit(new FormData(form))
    } catch (refusal) {
      setError(refusal)
      setIsBusy(false)
    }
  }
  return (
    <Porch>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault()
          void enter(event.currentTarget)
        }}
      >
        <h1>{title}</h1>
        <p class="muted">{text}</p>
        <FieldErrors error={error}>
          {children}
          <Complaint error={error} />
        </FieldErrors>
        <button type="submit" class="primary wide" disabled={isBusy}>
          {submit}
        </button>
        {after}
      </form>
    </Porch>
  )
}

/** The result shown in place of a form, announced by screen readers. */
export function DoorNotice({
  title,
  text,
  children,
}: {
  readonly title: string
  readonly text: string
  readonly children?: ComponentChildren
}) {
  useTitle(title)
  return (
    <Porch>
      <div class="card" role="status">
        <h1>{title}</h1>
        <p class="muted">{text}</p>
        {children}
      </div>
    </Porch>
  )
}

function Porch({ children }: { readonly children: ComponentChildren }) {
  return (
    <main class="door">
      <div class="brand">
        <span class="mark" aria-hidden="true" />
        {words.product}
      </div>
      {children}
    </main>
  )
}
