import { useEffect, useState } from 'preact/hooks'
import { partsWords as says } from '../words/parts-words.ts'

type Toast = {
  readonly id: number
  readonly text: string
  /** Undoes the action. */
  readonly undo?: () => void
  /** Called when the action can no longer be undone. */
  readonly onGone?: () => void
}

/** How long an action can be undone. */
const shownMs = 10_000

let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

/** Reports an action; with `undo`, it can be undone for 10 s. */
export function showToast(text: string, undo?: () => void, onGone?: () => void): void {
  lastId += 1
  const toast: Toast = {
    id: lastId,
    text,
    ...(undo === undefined ? {} : { undo }),
    ...(onGone === undefined ? {} : { onGone }),
  }
  setToasts([...toasts, toast])
}

/** Finalises all actions that could still be undone, because leaving the page does not undo them. */
function settleAll(): void {
  const settled = toasts
  setToasts([])
  for (const { onGone } of settled) onGone?.()
}
addEventListener('pagehide', settleAll)

/** The place for toasts; rendered once, in the frame. */
export function Toasts() {
  const [shown, setShown] = useState(toasts)
  useEffect(() => {
    const tell = (): void => setShown(toasts)
    listeners.add(tell)
    return () => void listeners.delete(tell)
  }, [])
  return (
    <div class="toasts" aria-live="polite">
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function ToastCard({ toast: { id, text, undo, onGone } }: { readonly toast: Toast }) {
  const [isHeld, setIsHeld] = useState(false)
  const drop = (): void => setToasts(toasts.filter((toast) => toast.id !== id))
  const dismiss = (): void => {
    drop()
    onGone?.()
  }
  useEffect(() => {
    // A toast that is about to be clicked must not disappear.
    if (isHeld) return undefined
    const timer = setTimeout(dismiss, shownMs)
    return () => clearTimeout(timer)
  }, [isHeld])
  return (
    <div
      class="toast"
      onMouseEnter={() => setIsHeld(true)}
      onMouseLeave={() => setIsHeld(false)}
      onFocusIn={() => setIsHeld(true)}
      onFocusOut={() => setIsHeld(false)}
    >
      <span>{text}</span>
      {undo === undefined ? null : (
        <button
          type="button"
          class="link"
          onClick={() => {
            drop()
            undo()
          }}
        >
          {says.undo}
        </button>
      )}
      <button type="button" class="quiet" onClick={dismiss}>
        {says.dismiss}
      </button>
    </div>
  )
}

function setToasts(next: readonly Toast[]): void {
  toasts = next
  for (const tell of listeners) tell()
}
