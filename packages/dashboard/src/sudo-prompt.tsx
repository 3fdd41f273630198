import type { SudoProof } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'preact/hooks'
import { proveByIssuer } from './issuer-proof.ts'
import { Complaint } from './parts.tsx'
import { Field } from './parts/field.tsx'
import { useReturnFocus } from './parts/return-focus.ts'
import { usePasskeyFor } from './passkey.ts'
import { gatehouse } from './session.ts'
import { isAskingSudo, onSudo, settleSudo } from './sudo.ts'
import { toText } from './to-text.ts'
import { words } from './words.ts'
import { signOnWords } from './words/sign-on-words.ts'

/** A dialog over any page that requires a sudo proof. */
export function SudoPrompt() {
  const [isOpen, setIsOpen] = useState(isAskingSudo())
  useEffect(() => onSudo(() => setIsOpen(isAskingSudo())), [])
  return isOpen ? <Prompt /> : null
}

function Prompt() {
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<unknown>()
  const [isBusy, setIsBusy] = useState(false)
  const query = useQuery({
    queryKey: ['sudo'],
    queryFn: ({ signal }) => gatehouse.platform.sudo.options(false, { signal }),
    gcTime: 0,
  })
  useReturnFocus()
  useEffect(() => dialog.current?.showModal(), [])
  const passkey = query.data?.passkey ?? null
  const hasApp = query.data?.methods.includes('totp') === true
  const methods = query.data?.methods ?? []
  const hasIssuer = methods.includes('issuer')
  const hasInput = hasApp || methods.includes('password')
  const [isWaiting, setIsWaiting] = useState(false)
  const prove = async (toProof: () => SudoProof | Promise<SudoProof>): Promise<void> => {
    setIsBusy(true)
    setError(undefined)
    try {
      settleSudo(await gatehouse.platform.sudo.verify(await toProof()))
    } catch (refusal) {
      setError(refusal)
      setIsBusy(false)
      setIsWaiting(false)
    }
  }
  const givenUp = useRef(new AbortController())
  useEffect(() => () => givenUp.current.abort(), [])
  const goToIssuer = (): void => {
    setIsWaiting(true)
    void prove(async () => ({ issuerTicket: await proveByIssuer(givenUp.current.signal) }))
  }
  return (
    <dialog ref={dialog} class="card" aria-labelledby="sudo-title" onClose={() => settleSudo(undefined)}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const fields = new FormData(event.currentTarget)
          void prove(() =>
            hasApp ? { totpCode: toText(fields, 'proof') } : { password: toText(fields, 'proof') },
          )
        }}
      >
        <h1 id="sudo-title">{words.sudo.title}</h1>
        <p class="muted">{words.sudo.text}</p>
        {!hasInput ? null : hasApp ? (
          <Field label={words.sudo.code} name="proof" autoComplete="one-time-code" />
        ) : (
          <Field label={words.sudo.password} name="proof" type="password" autoComplete="current-password" />
        )}
        {isWaiting ? (
          <p class="muted small" role="status">
            {signOnWords.sudo.waiting}
          </p>
        ) : null}
        <Complaint error={error ?? query.error} />
        <div class="actions">
          {hasInput ? (
            <button type="submit" class="primary" disabled={isBusy}>
              {words.sudo.confirm}
            </button>
          ) : null}
          {hasIssuer ? (
            <button type="button" class={hasInput ? '' : 'primary'} disabled={isBusy} onClick={goToIssuer}>
              {signOnWords.sudo.open}
            </button>
          ) : null}
          {passkey === null ? null : (
            <button
              type="button"
              disabled={isBusy}
              onClick={() => void prove(async () => ({ passkey: await usePasskeyFor(passkey) }))}
            >
              {words.sudo.usePasskey}
            </button>
          )}
          <button type="button" class="quiet" onClick={() => settleSudo(undefined)}>
            {words.cancel}
          </button>
        </div>
      </form>
    </dialog>
  )
}
