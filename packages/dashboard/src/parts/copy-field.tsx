import { useRef, useState } from 'preact/hooks'
import { partsWords as says } from '../words/parts-words.ts'

type Outcome = 'copied' | 'selected'

/** Text with a copy button. It also works over plain HTTP, where browsers have no clipboard API. */
export function CopyField({ text, name }: { readonly text: string; readonly name?: string }) {
  const code = useRef<HTMLElement>(null)
  const [outcome, setOutcome] = useState<Outcome>()
  const copy = async (): Promise<void> => setOutcome(await take(text, code.current))
  const label = outcome === 'copied' ? says.copied : outcome === 'selected' ? says.copyFailed : says.copy
  return (
    <span class="copy">
      <code ref={code}>{text}</code>
      <button
        type="button"
        {...(name === undefined ? {} : { 'aria-label': `${label}: ${name}` })}
        onClick={() => void copy()}
      >
        {label}
      </button>
    </span>
  )
}

async function take(text: string, shown: HTMLElement | null): Promise<Outcome> {
  if (isSecureContext) {
    try {
      await navigator.clipboard.writeText(text)
      return 'copied'
    } catch {
      // The browser, or who administers it, forbids it; what is selected can still be taken by hand.
    }
  }
  if (shown === null) return 'selected'
  getSelection()?.selectAllChildren(shown)
  // oxlint-disable-next-line typescript/no-deprecated -- the only way without a secure context, and every browser has it
  return document.execCommand('copy') ? 'copied' : 'selected'
}
