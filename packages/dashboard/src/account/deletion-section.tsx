import type { DeletionProof } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { saying } from '../refusal.ts'
import { gatehouse } from '../session.ts'
import { toDate } from '../to-date.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'
import { accountWords } from '../words/account-words.ts'
import { SettingsSection } from './settings-section.tsx'

const { account } = gatehouse.platform
const says = accountWords.deletion
const refusals = { EXPIRED_TOKEN: says.wrongCode, LAST_OWNER: says.lastOwner }

type Way = 'code' | 'password'

export function DeletionSection({ scheduledAt }: { readonly scheduledAt: string | null }) {
  return (
    <SettingsSection id="deletion" title={says.title} text={says.text}>
      {scheduledAt === null ? <Leave /> : <Stay scheduledAt={scheduledAt} />}
    </SettingsSection>
  )
}

function Stay({ scheduledAt }: { readonly scheduledAt: string }) {
  const queries = useQueryClient()
  const keep = useMutation({
    mutationFn: () => account.cancelDeletion(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
  })
  return (
    <>
      <div role="status">
        <p class="name">{says.scheduled(toDate(scheduledAt))}</p>
        <p class="muted small">{says.scheduledText}</p>
      </div>
      <Complaint error={keep.error} />
      <div class="actions">
        <button type="button" class="primary" disabled={keep.isPending} onClick={() => keep.mutate()}>
          {says.keep}
        </button>
      </div>
    </>
  )
}

function Leave() {
  const [isBegun, setIsBegun] = useState(false)
  const [way, setWay] = useState<Way>()
  const send = useMutation({
    mutationFn: () => account.requestDeletionCode(),
    onSuccess: () => setWay('code'),
  })
  if (!isBegun)
    return (
      <div class="actions">
        <button type="button" class="harm" onClick={() => setIsBegun(true)}>
          {says.begin}
        </button>
      </div>
    )
  const isSending = send.isPending
  return (
    <>
      <Complaint error={send.error} />
      {way === undefined ? null : <Proof key={way} way={way} />}
      <div class="actions">
        <button type="button" disabled={isSending} onClick={() => send.mutate()}>
          {says.byCode}
        </button>
        {way === 'password' ? null : (
          <button type="button" class="quiet" onClick={() => setWay('password')}>
            {says.byPassword}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          onClick={() => {
            setIsBegun(false)
            setWay(undefined)
          }}
        >
          {words.cancel}
        </button>
      </div>
    </>
  )
}

function Proof({ way }: { readonly way: Way }) {
  const queries = useQueryClient()
  const leave = useMutation({
    mutationFn: (proof: DeletionProof) => saying(refusals, () => account.delete(proof)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
    gcTime: 0,
  })
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        const given = toText(new FormData(event.currentTarget), 'proof')
        leave.mutate(way === 'code' ? { code: given } : { password: given })
      }}
    >
      {way === 'code' ? (
        <>
          <p class="small" role="status">
            {says.codeSent}
          </p>
          <Field label={says.code} name="proof" autoComplete="one-time-code" inputMode="numeric" />
        </>
      ) : (
        <Field label={says.password} name="proof" type="password" autoComplete="current-password" />
      )}
      <Complaint error={leave.error} />
      <div class="actions">
        <button type="submit" class="danger" disabled={leave.isPending}>
          {says.submit}
        </button>
      </div>
    </form>
  )
}
