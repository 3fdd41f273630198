import { useEffect, useRef, useState } from 'preact/hooks'
import { words } from '../words.ts'

/** Asks for confirmation beside the button of a destructive action. Escape cancels and returns the focus. */
export function Confirm({
  label,
  thing,
  question,
  onConfirm,
}: {
  readonly label: string
  /** The object of the action, for screen reader users who reach the button out of context. */
  readonly thing?: string
  readonly question: string
  readonly onConfirm: () => void
}) {
  const [isAsking, setIsAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const cancel = useRef<HTMLButtonElement>(null)
  const wasAsking = useRef(false)
  useEffect(() => {
    if (isAsking) cancel.current?.focus()
    else if (wasAsking.current) opener.current?.focus()
    wasAsking.current = isAsking
  }, [isAsking])
  const named = thing === undefined ? {} : { 'aria-label': `${label}: ${thing}` }
  if (!isAsking)
    return (
      <button ref={opener} type="button" class="quiet" {...named} onClick={() => setIsAsking(true)}>
        {label}
      </button>
    )
  return (
    <span
      class="confirm"
      role="group"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        setIsAsking(false)
      }}
    >
      <span>{question}</span>
      <button
        type="button"
        class="danger"
        {...named}
        onClick={() => {
          setIsAsking(false)
          onConfirm()
        }}
      >
        {label}
      </button>
      <button ref={cancel} type="button" class="quiet" onClick={() => setIsAsking(false)}>
        {words.cancel}
      </button>
    </span>
  )
}
