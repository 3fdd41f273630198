import { GatehouseProblem } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'preact/hooks'
import { DoorNotice } from '../door.tsx'
import { Decisions } from '../own-record/decisions.tsx'
import { Figures } from '../own-record/figures.tsx'
import { type OwnRecord, type OwnRecordCalls, ownRecordCalls } from '../own-record/own-api.ts'
import { Contests, Notice, Passkeys } from '../own-record/rights.tsx'
import { WhoLooked } from '../oversight/who-looked.tsx'
import { Complaint, Found, Heading } from '../parts.tsx'
import { saveFile } from '../save-file.ts'
import { usePerson } from '../session.ts'
import { toDate } from '../to-date.ts'
import { whoLookedWords } from '../words/who-looked-words.ts'
import { ownRecordWords as says } from '../words/own-record-words.ts'

/** An operator's own record, opened with an access link or by a member whose account is tied to the operator. */
export function OwnRecordPage() {
  const person = usePerson()
  const { hash } = location
  const calls = useMemo(() => ownRecordCalls(hash), [hash])
  const query = useQuery({ queryKey: ['own-record', hash], queryFn: () => calls.get(), retry: false })
  if (hash === '' && person === undefined) return <DoorNotice title={says.title} text={says.noLink} />
  if (query.error instanceof GatehouseProblem && query.error.status === 401)
    return <DoorNotice title={says.title} text={says.linkGone} />
  return (
    <main class="own" id="content-own">
      <Found query={query} title={says.title}>
        {(record) => <Record record={record} calls={calls} />}
      </Found>
    </main>
  )
}

function Record({ record, calls }: { readonly record: OwnRecord; readonly calls: OwnRecordCalls }) {
  const [error, setError] = useState<unknown>()
  const { operator_id: id, organization, expires_at: until, profiles } = record
  const take = (): void => {
    setError(undefined)
    calls.export().then((file) => saveFile(file, `${id}.ndjson`), setError)
  }
  return (
    <>
      <Heading title={says.title} text={says.text(organization.name)}>
        <button type="button" onClick={take}>
          {says.export}
        </button>
      </Heading>
      <Complaint error={error} />
      <p class="muted small">
        {says.asOperator(id)} {until === null ? null : says.until(toDate(until))}
      </p>
      {profiles.length === 0 ? <p>{says.nothing}</p> : null}
      {profiles.map((profile) => (
        <Figures key={profile.domain} profile={profile} record={record} />
      ))}
      {profiles.length === 0 ? null : <Decisions calls={calls} />}
      <Contests contests={record.contests} />
      <WhoLooked
        of={`own ${id}`}
        text={whoLookedWords.ownText}
        load={(page, signal) => calls.views(page, { signal })}
      />
      <Passkeys calls={calls} authenticators={record.authenticators} />
      <Notice record={record} />
    </>
  )
}
