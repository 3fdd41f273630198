import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { partsWords as says } from '../words/parts-words.ts'
import { CopyField } from './copy-field.tsx'

/** A secret that is shown this once; it goes when the person says that they have it. */
export function SecretOnce({
  text = says.secretOnce,
  secret,
  children,
}: {
  readonly text?: string
  readonly secret: string
  /** What to do with it, such as a line to paste. */
  readonly children?: ComponentChildren
}) {
  const [isKept, setIsKept] = useState(false)
  if (isKept) return null
  return (
    <div class="notice" role="status">
      <p>{text}</p>
      <CopyField text={secret} />
      {children}
      <button type="button" onClick={() => setIsKept(true)}>
        {says.kept}
      </button>
    </div>
  )
}
