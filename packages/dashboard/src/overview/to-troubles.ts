import type { Incident } from '@gatehouse/sdk'
import { toNumber } from '../number-format.ts'
import type { Tone } from '../parts/status-mark.tsx'
import type { Posture } from '../posture/posture-calls.ts'
import { toSpan } from '../to-ago.ts'
import { toCause } from '../to-reason.ts'
import { overviewWords as says } from '../words/overview-words.ts'

/** A current problem, with a link to where it can be resolved. */
export type Trouble = {
  readonly id: string
  readonly tone: Tone
  readonly word: string
  readonly text: string
  readonly detail?: string
  /** ISO 8601. */
  readonly since?: string
  readonly path: string
}

const hourMs = 3_600_000

export function ofIncidents(incidents: readonly Incident[]): readonly Trouble[] {
  return incidents
    .filter(({ status }) => status !== 'resolved')
    .toSorted((one, other) => Number(one.status === 'acknowledged') - Number(other.status === 'acknowledged'))
    .map((incident) => ({ incident, cause: toCause(incident) }))
    .map(({ incident, cause }) => ({
      id: incident.id,
      tone: incident.status === 'ongoing' ? 'down' : 'degraded',
      word: incident.status === 'ongoing' ? says.words.ongoing : says.words.acknowledged,
      text: toName(incident),
      ...(cause === null ? {} : { detail: cause }),
      since: incident.startedAt,
      path: `/uptime/incidents/${incident.id}`,
    }))
}

export function ofPosture({ summary, claims }: Posture): readonly Trouble[] {
  if (summary.fails === 0) return []
  const reasons = claims.flatMap(({ verdict, because }) => (verdict === 'fails' ? (because ?? []) : []))
  return [
    {
      id: 'posture',
      tone: 'down',
      word: says.words.fails,
      text: says.claims(toNumber(summary.fails), toNumber(summary.verified)),
      ...(reasons[0] === undefined ? {} : { detail: reasons[0] }),
      path: '/posture',
    },
  ]
}

/** Claims without a valid result: it is unknown whether they hold. */
export function toUnknown({ summary: { unknown, verified } }: Posture): readonly string[] {
  return unknown === 0 ? [] : [says.claimsUnknown(toNumber(unknown), toNumber(verified))]
}

export function ofDecisions(
  decisions: readonly { readonly expires_at: string | null }[],
  nowMs: number,
): readonly Trouble[] {
  const leftMs = decisions.flatMap(({ expires_at: until }) =>
    until === null ? [] : [Date.parse(until) - nowMs],
  )
  const late = leftMs.filter((ms) => ms <= 0).length
  const soon = leftMs.filter((ms) => ms > 0 && ms <= hourMs).length
  const path = '/oversight/decisions'
  return [
    ...(late === 0
      ? []
      : [
          {
            id: 'late',
            tone: 'down',
            word: says.words.late,
            text: says.decisionsLate(toNumber(late)),
            path,
          } as const,
        ]),
    ...(soon === 0
      ? []
      : [
          {
            id: 'soon',
            tone: 'degraded',
            word: says.words.soon,
            text: says.decisionsSoon(toNumber(soon)),
            path,
          } as const,
        ]),
  ]
}

type Feed = { readonly status: string; readonly reason: string | null; readonly lag_seconds: number | null }

export function ofFeeds(venues: Readonly<Record<string, Feed>>): readonly Trouble[] {
  return Object.entries(venues)
    .filter(([, { status }]) => status === 'down' || status === 'degraded')
    .map(([venue, { status, reason, lag_seconds: lag }]) => ({
      id: `feed-${venue}`,
      tone: status === 'down' ? 'down' : 'degraded',
      word: says.words.feed,
      text: says.feed(venue),
      ...(reason === null && lag === null ? {} : { detail: reason ?? says.lag(toSpan((lag ?? 0) * 1_000)) }),
      path: '/volatility/board',
    }))
}

export function toName({ title, monitorName }: Incident): string {
  return title ?? monitorName ?? says.incident
}
