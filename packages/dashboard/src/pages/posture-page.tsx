import { useQuery } from '@tanstack/react-query'
import { inInstance } from '../at.ts'
import { Section } from '../controls.tsx'
import { language } from '../language.ts'
import { useLive } from '../live/use-live.ts'
import { Moment } from '../moment.tsx'
import { toNumber } from '../number-format.ts'
import { Found, Heading } from '../parts.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { ClaimList } from '../posture/claim-list.tsx'
import { OpenClocks } from '../posture/open-clocks.tsx'
import { type Posture, readPosture } from '../posture/posture-calls.ts'
import { PostureTrend } from '../posture/posture-trend.tsx'
import { RunAll } from '../posture/run-all.tsx'
import { toDate } from '../to-date.ts'
import { useMe } from '../use-me.ts'
import { postureWords as says } from '../words/posture-words.ts'

const everyMs = 60_000
/** The groups of claims, in display order. */
const groups = ['fails', 'unknown', 'holds', 'stated'] as const

export function PosturePage() {
  const query = useQuery({ queryKey: ['posture'], queryFn: readPosture, ...useLive(['claims'], everyMs) })
  const isAdmin = useMe().data?.instanceAdmin === true
  return (
    <>
      <Heading title={says.title} text={says.text}>
        <a
          class="button"
          href={`${inInstance('/security')}?lang=${language}`}
          target="_blank"
          rel="noreferrer"
        >
          {says.page}
        </a>
      </Heading>
      <Found query={query}>
        {(posture) => (
          <>
            <Standing posture={posture} />
            {isAdmin ? <RunAll /> : null}
            <ClaimGroups posture={posture} first="failing" />
            {isAdmin ? <OpenClocks /> : null}
            <Section title={says.trend} text={says.trendText}>
              <PostureTrend days={posture.trend} />
            </Section>
            <Deviations deviations={posture.deviations} />
            <ClaimGroups posture={posture} first="others" />
          </>
        )}
      </Found>
    </>
  )
}

function Standing({ posture: { summary, claims } }: { readonly posture: Posture }) {
  const newest = claims
    .flatMap(({ probedAt }) => probedAt ?? [])
    .toSorted()
    .at(-1)
  const tone = summary.fails > 0 ? 'down' : summary.holds === summary.verified ? 'ok' : 'unknown'
  return (
    <section class="posture-standing" aria-label={says.title}>
      <p class="posture-hero">
        <StatusMark tone={tone} />
        {says.hero(toNumber(summary.holds), toNumber(summary.verified))}
      </p>
      <p class="muted">
        {newest === undefined ? (
          says.noEvidence
        ) : (
          <>
            {says.age} <Moment at={newest} />
          </>
        )}
        {summary.fails === 0 ? null : ` · ${says.fail(toNumber(summary.fails))}`}
        {summary.unknown === 0 ? null : ` · ${says.unknown(toNumber(summary.unknown))}`}
      </p>
    </section>
  )
}

/** Failing claims first; claims that hold or are only stated come last. */
function ClaimGroups({
  posture: { claims },
  first,
}: {
  readonly posture: Posture
  readonly first: 'failing' | 'others'
}) {
  return groups
    .filter((group) => (group === 'fails' || group === 'unknown') === (first === 'failing'))
    .map((group) => {
      const shown = claims.filter(({ verdict }) => (verdict === 'overdue' ? 'stated' : verdict) === group)
      const [title, text] = says.groups[group]
      return shown.length === 0 ? null : (
        <Section key={group} title={`${title} (${toNumber(shown.length)})`} text={text}>
          <ClaimList label={title} claims={shown} />
        </Section>
      )
    })
}

function Deviations({ deviations }: Pick<Posture, 'deviations'>) {
  return (
    <Section title={says.deviations} text={says.deviationsText}>
      {deviations.length === 0 ? (
        <p class="muted">{says.noDeviations}</p>
      ) : (
        <ul class="list" aria-label={says.deviations}>
          {deviations.map(({ setting, control, sentence, reason, owner, retire_by: until }) => (
            <li key={setting}>
              <StatusMark tone="degraded" text={control} />
              <div class="grow">
                <span class="name">{sentence[language]}</span>
                <div class="muted small">
                  <code>{setting}</code> {reason ?? says.undeclared}
                </div>
              </div>
              {owner === null || until === null ? null : (
                <span class="muted small">{says.declared(owner, toDate(until))}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
