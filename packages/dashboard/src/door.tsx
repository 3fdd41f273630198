import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Complaint } from './parts.tsx'
import { words } from './words.ts'

type DoorProps = {
  readonly title: string
  readonly text: string
  readonly submit: string
  readonly onSubmit: (fields: FormData) => Promise<void>
  readonly children: ComponentChildren
}

/** The card through which a person comes in. */
export function Door({ title, text, submit, onSubmit, children }: DoorProps) {
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
    <main class="door">
      <div class="brand">
        <span class="mark" aria-hidden="true" />
        {words.product}
      </div>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault()
          void enter(event.currentTarget)
        }}
      >
        <h1>{title}</h1>
        <p class="muted">{text}</p>
        {children}
        <Complaint error={error} />
        <button type="submit" class="primary wide" disabled={isBusy}>
          {submit}
        </button>
      </form>
    </main>
  )
}
