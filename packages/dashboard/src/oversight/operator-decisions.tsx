import { useInfiniteQuery } from '@tanstack/react-query'
import { Older, Section } from '../controls.tsx'
import { ExactMoment } from '../moment.tsx'
import { toNumber } from '../number-format.ts'
import { Found } from '../parts.tsx'
import { ownRecordWords as own } from '../words/own-record-words.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { reviewWords } from '../words/review-words.ts'
import { type Interaction, oversight } from './oversight-calls.ts'

const says = oversightWords.person
const pageSize = 10

/** The interactions received from an operator, newest first. */
export function OperatorDecisions({ operatorId }: { readonly operatorId: string }) {
  const query = useInfiniteQuery({
    queryKey: ['operator-decisions', operatorId],
    queryFn: ({ pageParam, signal }) =>
      oversight.operators.interactions(
        operatorId,
        { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
  })
  return (
    <Section title={says.decisions}>
      <Found query={query}>
        {({ pages }) => (
          <div class="scroll tall" tabIndex={0} role="group" aria-label={says.decisions}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{own.when}</th>
                  <th scope="col">{own.decision}</th>
                  <th scope="col">{own.outcome}</th>
                  <th scope="col" class="number">
                    s
                  </th>
                  <th scope="col">{own.wordOf}</th>
                  <th scope="col">{own.session}</th>
                </tr>
              </thead>
              <tbody>
                {pages
                  .flatMap(({ interactions }) => interactions)
                  .map((one) => (
                    <Line key={one.interaction_id} one={one} />
                  ))}
              </tbody>
            </table>
          </div>
        )}
      </Found>
      <Older query={query} text={reviewWords.more} />
    </Section>
  )
}

function Line({ one }: { readonly one: Interaction }) {
  const { decision, outcome_correct: outcome, time_to_decision_ms: tookMs } = one.inputs
  const names: Readonly<Record<string, string>> = own.decisionNames
  return (
    <tr>
      <td>
        <ExactMoment at={one.occurred_at} />
      </td>
      <td>
        {names[String(decision)] ?? '—'}
        {one.state === 'excluded' ? <span class="muted small"> · {own.excluded}</span> : null}
      </td>
      <td>{outcome === true ? own.right : outcome === false ? own.wrong : own.unknown}</td>
      <td class="number">{typeof tookMs === 'number' ? toNumber(tookMs / 1_000) : '—'}</td>
      <td>{own.grades[one.evidence.grade]}</td>
      <td>
        <code>{one.session_id}</code>
      </td>
    </tr>
  )
}
