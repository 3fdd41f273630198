import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Form, Section } from '../controls.tsx'
import { Complaint, Found } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { toDate } from '../to-date.ts'
import { toText } from '../to-text.ts'
import { ownRecordWords as own } from '../words/own-record-words.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { type Contest, oversight } from './oversight-calls.ts'

const says = oversightWords.person

/** The operator's contests, for another person to decide. */
export function OperatorContests({ operatorId }: { readonly operatorId: string }) {
  const query = useQuery({
    queryKey: ['contests'],
    queryFn: ({ signal }) => oversight.people.contests({ state: 'open', limit: 100 }, { signal }),
  })
  return (
    <Section title={says.contests}>
      <Found query={query}>
        {({ contests }) => {
          const theirs = contests.filter(({ operator_id: id }) => id === operatorId)
          if (theirs.length === 0) return <p class="muted">{says.noContests}</p>
          return (
            <ul class="list">
              {theirs.map((contest) => (
                <Objection key={contest.contest_id} contest={contest} />
              ))}
            </ul>
          )
        }}
      </Found>
    </Section>
  )
}

function Objection({ contest }: { readonly contest: Contest }) {
  const queries = useQueryClient()
  const decide = useMutation({
    mutationFn: (reason: string | undefined) =>
      oversight.people.decideContest(
        contest.contest_id,
        reason === undefined ? { decision: 'upheld', exclude: true } : { decision: 'rejected', reason },
      ),
    onSuccess: () => queries.invalidateQueries(),
  })
  return (
    <li>
      <div class="grow">
        <strong>{own.reasons[contest.reason]}</strong>
        <p class="small">“{contest.statement}”</p>
        <p class="muted small">
          {contest.session_id} · {says.due(toDate(contest.due_at))}
        </p>
      </div>
      <button type="button" disabled={decide.isPending} onClick={() => decide.mutate(undefined)}>
        {says.uphold}
      </button>
      <Form label={says.reject} class="row" onSubmit={(fields) => decide.mutate(toText(fields, 'reason'))}>
        <Field label={says.rejectReason} name="reason" />
        <button type="submit" disabled={decide.isPending}>
          {says.reject}
        </button>
      </Form>
      <Complaint error={decide.error} />
    </li>
  )
}
