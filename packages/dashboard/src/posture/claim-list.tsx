import { inInstance } from '../at.ts'
import { language } from '../language.ts'
import { Moment } from '../moment.tsx'
import { toNumber } from '../number-format.ts'
import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { toDate } from '../to-date.ts'
import { postureWords as says } from '../words/posture-words.ts'
import type { ShownClaim } from './posture-calls.ts'

const tones: Readonly<Record<ShownClaim['verdict'], Tone>> = {
  fails: 'down',
  unknown: 'unknown',
  overdue: 'degraded',
  holds: 'ok',
  stated: 'paused',
}

/** Claims with their evidence; each links to its public page. */
export function ClaimList({
  label,
  claims,
}: {
  readonly label: string
  readonly claims: readonly ShownClaim[]
}) {
  return (
    <ul class="list claims" aria-label={label}>
      {claims.map((claim) => (
        <li key={claim.id}>
          <StatusMark tone={tones[claim.verdict]} text={says.verdicts[claim.verdict]} />
          <div class="grow">
            <a
              class="name"
              href={`${inInstance(`/security/${encodeURIComponent(claim.id)}`)}?lang=${language}`}
              target="_blank"
              rel="noreferrer"
            >
              {claim.sentence[language]}
            </a>
            {claim.because === null ? null : <p>{claim.because}</p>}
            <div class="muted small">{saySeen(claim)}</div>
          </div>
          <span class="muted small">
            {claim.kind === 'stated' ? (
              claim.reviewBy === null ? null : (
                says.review(toDate(claim.reviewBy))
              )
            ) : claim.probedAt === null ? (
              says.never
            ) : (
              <Moment at={claim.probedAt} />
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function saySeen({ control, figures, recent }: ShownClaim): string {
  const held = recent.filter((verdict) => verdict === 'holds').length
  return [
    control,
    ...Object.entries(figures).map(([name, value]) => `${name} ${sayFigure(value)}`),
    ...(recent.length === 0 ? [] : [says.held(toNumber(held), toNumber(recent.length))]),
  ].join(' · ')
}

function sayFigure(value: string | number | boolean): string {
  return typeof value === 'number' ? toNumber(value) : String(value)
}
