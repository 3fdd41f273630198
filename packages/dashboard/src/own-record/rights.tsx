import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Section } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Field } from '../parts/field.tsx'
import { createPasskeyFor } from '../passkey.ts'
import { Refusal } from '../refusal.ts'
import { toDate } from '../to-date.ts'
import { toText } from '../to-text.ts'
import { ownRecordWords as says } from '../words/own-record-words.ts'
import type { OwnContest, OwnRecord, OwnRecordCalls } from './own-api.ts'

export function Contests({ contests }: { readonly contests: OwnRecord['contests'] }) {
  return (
    <Section title={says.contests}>
      {contests.length === 0 ? <p class="muted">{says.noContests}</p> : null}
      <ul class="own-plain">
        {contests.map((one) => (
          <li key={one.contest_id}>
            <strong>{says.reasons[one.reason]}</strong>
            <span>{toState(one)}</span>
            {one.remedy === null ? null : <span class="muted">{says.remedies[one.remedy.kind]}</span>}
            {one.statement === '' ? null : <span class="muted">“{one.statement}”</span>}
            {one.answer === null ? null : <span>{one.answer}</span>}
            <span class="muted small">{one.session_id}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function toState({ state, due_at: due }: OwnContest): string {
  return state === 'open' ? says.states.open(toDate(due)) : says.states[state]
}

/** Enrolling a passkey is optional. */
export function Passkeys({
  calls,
  authenticators,
}: {
  readonly calls: OwnRecordCalls
  readonly authenticators: OwnRecord['authenticators']
}) {
  const queries = useQueryClient()
  const [error, setError] = useState<unknown>()
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    setError(undefined)
    try {
      await work()
      await queries.invalidateQueries({ queryKey: ['own-record'] })
    } catch (refusal) {
      setError(
        refusal instanceof DOMException ? new Refusal(says.passkeyFailed, { cause: refusal }) : refusal,
      )
    }
  }
  const enrol = async (name: string): Promise<void> => {
    const { options } = await calls.authenticators.options()
    await calls.authenticators.enrol({ name, registration: await createPasskeyFor(options) })
  }
  return (
    <Section title={says.passkeys} text={says.passkeysText}>
      {authenticators.length === 0 ? <p class="muted">{says.noPasskeys}</p> : null}
      <ul class="own-plain">
        {authenticators.map((one) => (
          <li key={one.credential_id}>
            <strong>{one.name}</strong>
            <span class="muted">
              {says.enrolled(toDate(one.enrolled_at))}, {says.enrolledBy[one.enrolled_by]}
            </span>
            <Confirm
              label={says.removePasskey}
              question={says.removeQuestion}
              onConfirm={() => void attempt(() => calls.authenticators.remove(one.credential_id))}
            />
          </li>
        ))}
      </ul>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault()
          const form = event.currentTarget
          const name = toText(new FormData(form), 'name')
          void attempt(() => enrol(name).then(() => form.reset()))
        }}
      >
        <Field label={says.passkeyName} name="name" placeholder={says.passkeyPlaceholder} />
        <button type="submit">{says.addPasskey}</button>
      </form>
      <Complaint error={error} />
    </Section>
  )
}

export function Notice({ record }: { readonly record: OwnRecord }) {
  const { notice_given_at: given } = record
  return (
    <Section title={says.notice}>
      <p>{says.noticeText}</p>
      <p class="muted">{given === null ? says.noticeMissing : says.noticeGiven(toDate(given))}</p>
    </Section>
  )
}
