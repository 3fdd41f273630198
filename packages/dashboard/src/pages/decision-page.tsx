import { GatehouseProblem } from '@gatehouse/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRoute } from 'preact-iso'
import { at } from '../at.ts'
import { Section } from '../controls.tsx'
import { Facts } from '../facts.tsx'
import { useLive } from '../live/use-live.ts'
import { ExactMoment } from '../moment.tsx'
import { toNumber } from '../number-format.ts'
import { Assignee, RiskMark, StateMark, TimeLeft } from '../oversight/decision-marks.tsx'
import { type Decision, decisions } from '../oversight/oversight-calls.ts'
import { ReviewForm } from '../oversight/review-form.tsx'
import { Complaint, Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { oversightWords } from '../words/oversight-words.ts'
import { placeWords } from '../words/place-words.ts'
import { reviewWords } from '../words/review-words.ts'

const says = reviewWords.decision
const list = reviewWords.decisions

export function DecisionPage() {
  const { params } = useRoute()
  const id = params['id'] ?? ''
  const query = useQuery({
    queryKey: ['decision', id],
    queryFn: ({ signal }) => decisions.get(id, { signal }),
    ...useLive(['decisions'], 10_000),
    retry: (count, error) => !(error instanceof GatehouseProblem) && count < 3,
  })
  if (query.error instanceof GatehouseProblem && query.error.status === 404)
    return (
      <EmptyState isPage title={says.missing} text={says.missingText}>
        <a class="button" href={at('/oversight/decisions')}>
          {says.back}
        </a>
      </EmptyState>
    )
  return (
    <>
      <a class="small" href={at('/oversight/decisions')}>
        ← {says.back}
      </a>
      <Found query={query} title={placeWords.decisions}>
        {(decision) => <Whole decision={decision} />}
      </Found>
    </>
  )
}

function Whole({ decision }: { readonly decision: Decision }) {
  const { domain, decision_category: category, resolution } = decision
  return (
    <>
      <Heading
        title={says.what(oversightWords.domains[domain])}
        {...(category === null ? {} : { text: category })}
      />
      <div class="hero">
        <div class="hero-main">
          <StateMark state={decision.state} />
          <RiskMark decision={decision} />
          {resolution === null ? null : (
            <p class="muted small">
              {says.actions[resolution.action]} ·{' '}
              {resolution.by === 'expiry' ? says.expiry : <Assignee id={resolution.reviewer_id} />}
              {' · '}
              <ExactMoment at={resolution.at} />
            </p>
          )}
        </div>
        <Facts
          facts={[
            [
              list.route,
              list.routes[resolution === null ? decision.routing_decision : resolution.final_route],
            ],
            ...(decision.state === 'pending'
              ? [
                  [
                    list.deadline,
                    <>
                      <TimeLeft until={decision.expires_at} />
                      {decision.fallback_route === null ? null : (
                        <span class="muted small"> → {list.routes[decision.fallback_route]}</span>
                      )}
                    </>,
                  ] as const,
                ]
              : []),
            [list.assignee, <Assignee key="who" id={decision.assignee} />],
            [list.operator, <Who key="operator" id={decision.operator_id} />],
            [list.made, <ExactMoment key="made" at={decision.received_at} />],
          ]}
        />
      </div>
      {decision.state === 'pending' || decision.state === 'blocked' ? (
        <ReviewForm decision={decision} />
      ) : null}
      <Reviews decision={decision} />
      <Factors decision={decision} />
      <Replay decision={decision} />
      <Section title={says.details}>
        <Facts
          facts={[
            [says.id, <code key="id">{decision.ai_decision_log_id}</code>],
            [
              says.model,
              decision.model === null
                ? '—'
                : [decision.model.provider, decision.model.name].filter((one) => one !== null).join(' '),
            ],
            [says.policy, toNumber(decision.policy_version)],
            [says.evidence, decision.evidence === null ? '—' : says.grades[decision.evidence.grade]],
            [says.receipt, <code key="receipt">{decision.receipt.receipt_id}</code>],
          ]}
        />
      </Section>
    </>
  )
}

function Who({ id }: { readonly id: string | null }) {
  if (id === null) return <>–</>
  return <a href={at(`/oversight/operators/${encodeURIComponent(id)}`)}>{id}</a>
}

function Factors({ decision: { factors, policy_triggers: triggers } }: { readonly decision: Decision }) {
  return (
    <Section title={says.factors}>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{says.factor}</th>
              <th scope="col" class="number">
                {says.value}
              </th>
              <th scope="col" class="number">
                {says.weight}
              </th>
            </tr>
          </thead>
          <tbody>
            {factors.map(({ name, value, weight }) => (
              <tr key={name}>
                <th scope="row">{says.factorNames[name]}</th>
                <td class="number">{toNumber(value)}</td>
                <td class="number">{toNumber(weight)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="muted small">
        {says.triggers}: {triggers.length === 0 ? says.noTriggers : triggers.join(', ')}
      </p>
    </Section>
  )
}

function Reviews({ decision: { reviews } }: { readonly decision: Decision }) {
  return (
    <Section title={says.reviews}>
      {reviews.length === 0 ? (
        <p class="muted">{says.noReviews}</p>
      ) : (
        <ul class="list">
          {reviews.map((review) => (
            <li key={review.id}>
              <strong>{says.actions[review.action]}</strong>
              <div class="grow">
                <Assignee id={review.reviewer_id} />
                {review.note === null ? null : <p class="small">“{review.note}”</p>}
                {review.reason_code === null ? null : <code>{review.reason_code}</code>}
              </div>
              <span class="muted small">
                <ExactMoment at={review.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Replay({ decision: { ai_decision_log_id: id } }: { readonly decision: Decision }) {
  const replay = useMutation({ mutationFn: () => decisions.replay(id) })
  return (
    <Section title={says.replay} text={says.replayText}>
      <div class="actions">
        <button type="button" disabled={replay.isPending} onClick={() => replay.mutate()}>
          {says.replay}
        </button>
      </div>
      <Complaint error={replay.error} />
      {replay.data === undefined ? null : (
        <p role="status" class={replay.data.replay.identical ? 'notice' : 'complaint'}>
          {replay.data.replay.identical ? says.identical : says.different}{' '}
          {list.routes[replay.data.replay.routing_decision]},{' '}
          {toNumber(replay.data.replay.decision_risk_score)}
        </p>
      )}
    </Section>
  )
}
