import type { Factor, NewFactor } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { AccountTabs } from '../account/account-tabs.tsx'
import { Ago, Complaint, Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { Field } from '../parts/field.tsx'
import { createPasskeyFor } from '../passkey.ts'
import { QrCode } from '../qr-code.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'
import { accountWords } from '../words/account-words.ts'

const { factors } = gatehouse.platform
const says = words.security

export function SecurityPage() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: ['factors'] })
  const query = useQuery({ queryKey: ['factors'], queryFn: ({ signal }) => factors.list({ signal }) })
  const remove = useMutation({ mutationFn: (id: string) => factors.delete(id), onSuccess: settle })
  // Codes and secrets are discarded with this page.
  const enrol = useMutation({ mutationFn: () => factors.enrolTotp(), gcTime: 0 })
  const confirm = useMutation({
    mutationFn: ({ id, code }: { readonly id: string; readonly code: string }) =>
      factors.confirmTotp(id, code),
    onSuccess: () => {
      enrol.reset()
      return settle()
    },
    gcTime: 0,
  })
  const add = useMutation({
    mutationFn: async (name: string): Promise<NewFactor> =>
      factors.addPasskey(name, await createPasskeyFor(await factors.passkeyOptions())),
    onSuccess: settle,
    gcTime: 0,
  })
  const renew = useMutation({
    mutationFn: () => factors.renewRecoveryCodes(),
    onSuccess: settle,
    gcTime: 0,
  })
  const codes = renew.data ?? confirm.data?.recoveryCodes ?? add.data?.recoveryCodes ?? null
  return (
    <>
      <Heading title={accountWords.title} text={says.text} />
      <AccountTabs />
      <Complaint error={remove.error ?? enrol.error ?? confirm.error ?? add.error ?? renew.error} />
      {codes === null ? null : <RecoveryCodes codes={codes} />}
      <Found query={query}>
        {(found) => (
          <div class="stack measured">
            <h2>{says.factors}</h2>
            {found.factors.length === 0 ? (
              <EmptyState title={says.none} text={says.noneText} />
            ) : (
              <ul class="list" aria-label={says.factors}>
                {found.factors.map((factor) => (
                  <FactorRow key={factor.id} factor={factor} onRemove={() => remove.mutate(factor.id)} />
                ))}
              </ul>
            )}
            {enrol.data === undefined ? (
              <div class="actions">
                {found.factors.some(({ type }) => type === 'totp') ? null : (
                  <button type="button" disabled={enrol.isPending} onClick={() => enrol.mutate()}>
                    {says.addApp}
                  </button>
                )}
              </div>
            ) : (
              <NewApp
                secret={enrol.data.secret}
                uri={enrol.data.otpauthUri}
                onConfirm={(code) => confirm.mutate({ id: enrol.data.id, code })}
              />
            )}
            <form
              class="add inline"
              onSubmit={(event) => {
                event.preventDefault()
                add.mutate(toText(new FormData(event.currentTarget), 'name'))
              }}
            >
              <Field label={says.passkeyName} name="name" placeholder={says.passkeyPlaceholder} />
              <button type="submit" disabled={add.isPending}>
                {says.addPasskey}
              </button>
            </form>
            {found.factors.length === 0 ? null : (
              <section>
                <h2>{says.recovery}</h2>
                <p class="muted">{says.left(found.recoveryCodesLeft)}</p>
                <button type="button" disabled={renew.isPending} onClick={() => renew.mutate()}>
                  {says.renew}
                </button>
              </section>
            )}
          </div>
        )}
      </Found>
    </>
  )
}

function FactorRow({ factor, onRemove }: { readonly factor: Factor; readonly onRemove: () => void }) {
  return (
    <li>
      <div class="grow">
        <span class="name">{factor.name}</span>
        <div class="muted small">{factor.type === 'totp' ? says.app : says.passkey}</div>
      </div>
      <span class="muted small">
        {says.used} <Ago at={factor.lastUsedAt} />
      </span>
      <Confirm label={says.remove} thing={factor.name} question={says.confirmRemove} onConfirm={onRemove} />
    </li>
  )
}

function NewApp({
  secret,
  uri,
  onConfirm,
}: {
  readonly secret: string
  readonly uri: string
  readonly onConfirm: (code: string) => void
}) {
  return (
    <form
      class="notice"
      onSubmit={(event) => {
        event.preventDefault()
        onConfirm(toText(new FormData(event.currentTarget), 'code').replaceAll(/\s/g, ''))
      }}
    >
      <div class="enrol">
        <QrCode text={uri} label={accountWords.enrol.picture} />
        <div class="stack">
          <p>{accountWords.enrol.scan}</p>
          <details>
            <summary>{accountWords.enrol.cannotScan}</summary>
            <div class="stack">
              <CopyField text={secret} />
              <a href={uri}>{says.openApp}</a>
            </div>
          </details>
          <Field label={says.code} name="code" autoComplete="one-time-code" inputMode="numeric" />
          <div class="actions">
            <button type="submit" class="primary">
              {says.confirmApp}
            </button>
          </div>
        </div>
      </div>
    </form>
  )
}

function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  return (
    <div class="notice" role="status">
      <p>{says.recoveryOnce}</p>
      <CopyField text={codes.join('\n')} />
    </div>
  )
}
