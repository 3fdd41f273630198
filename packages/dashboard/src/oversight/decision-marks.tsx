import { toFull } from '../to-exact.ts'
import { toNumber } from '../number-format.ts'
import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { usePerson } from '../session.ts'
import { toSpan } from '../to-ago.ts'
import { reviewWords } from '../words/review-words.ts'
import type { ListedDecision } from './oversight-calls.ts'

const says = reviewWords.decisions

const ofTier: Readonly<Record<ListedDecision['drs_tier'], Tone>> = {
  low: 'ok',
  medium: 'unknown',
  high: 'degraded',
  critical: 'down',
}
const ofState: Readonly<Record<ListedDecision['state'], Tone>> = {
  released: 'ok',
  pending: 'confirming',
  resolved: 'ok',
  expired: 'down',
  blocked: 'down',
}

/** The risk as a word, with the figure behind it. */
export function RiskMark({ decision }: { readonly decision: Pick<ListedDecision, 'drs' | 'drs_tier'> }) {
  return (
    <span class="row">
      <StatusMark tone={ofTier[decision.drs_tier]} text={says.tiers[decision.drs_tier]} />
      <span class="muted small optional">{toNumber(decision.drs)}</span>
    </span>
  )
}

export function StateMark({ state }: { readonly state: ListedDecision['state'] }) {
  return <StatusMark tone={ofState[state]} text={says.states[state]} />
}

/** The time left for a pending decision. */
export function TimeLeft({ until }: { readonly until: string | null }) {
  if (until === null) return <span class="muted">–</span>
  const leftMs = Date.parse(until) - Date.now()
  return (
    <time dateTime={until} title={toFull(until)}>
      {leftMs <= 0 ? says.over : says.left(toSpan(leftMs))}
    </time>
  )
}

export function Assignee({ id }: { readonly id: string | null }) {
  const person = usePerson()
  if (id === null) return <span class="muted">{says.nobody}</span>
  return <>{id === person?.id ? says.you : id}</>
}
