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
            {claim.because === null ? null : <Reason because={claim.because} inJapanese={claim.becauseJa} />}
            <Seen claim={claim} />
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

/** In the language of the screen; a reason that is written in English alone says so to screen readers. */
function Reason({ because, inJapanese }: { readonly because: string; readonly inJapanese: string | null }) {
  if (language === 'ja' && inJapanese !== null) return <p>{inJapanese}</p>
  return <p lang="en">{because}</p>
}

/** The control that a claim answers, and what its last probe saw. */
function Seen({ claim: { control, seen, recent } }: { readonly claim: ShownClaim }) {
  const held = recent.filter((verdict) => verdict === 'holds').length
  return (
    <div class="muted small">
      <code>{control}</code>
      {seen[language].map((one) => ` · ${one}`)}
      {recent.length === 0 ? null : ` · ${says.held(toNumber(held), toNumber(recent.length))}`}
    </div>
  )
}
