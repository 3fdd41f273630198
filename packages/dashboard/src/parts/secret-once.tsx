import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { partsWords as says } from '../words/parts-words.ts'
import { CopyField } from './copy-field.tsx'

/** A secret that is shown once; it is discarded when the user confirms that they have stored it. */
export function SecretOnce({
  text = says.secretOnce,
  secret,
  children,
}: {
  readonly text?: string
  readonly secret: string
  /** Instructions for the secret, such as a command to paste. */
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
