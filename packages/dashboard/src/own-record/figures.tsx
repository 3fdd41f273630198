import { Section } from '../controls.tsx'
import { language } from '../language.ts'
import { toPercent } from '../number-format.ts'
import { toDate } from '../to-date.ts'
import { ownRecordWords as says } from '../words/own-record-words.ts'
import type { OwnProfile, OwnRecord } from './own-api.ts'

const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
const points = new Intl.NumberFormat(language, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })

export const toNumber = (value: number): string => number.format(value)
const toPoints = (share: number): string => says.points(points.format(share * 100))

/** Everything that the organisation sees about the person in one domain, in plain words. */
export function Figures({ profile, record }: { readonly profile: OwnProfile; readonly record: OwnRecord }) {
  const { reliance, domain } = profile
  return (
    <>
      <Section title={`${says.reliance} (${domain})`} text={says.relianceText(says.window)}>
        <dl class="own-figures">
          <Figure name={says.teamGain} text={says.teamGainText} metric={reliance.team_gain} show={toPoints} />
          <Figure name={says.over} text={says.overText} metric={reliance.over_reliance} show={toPercent} />
          <Figure name={says.under} text={says.underText} metric={reliance.under_reliance} show={toPercent} />
        </dl>
        <Beside profile={profile} />
      </Section>
      <Section title={`${says.independence} (${domain})`} text={says.independenceText}>
        {profile.displayed_jis === null ? (
          <Withheld profile={profile} record={record} />
        ) : (
          <Score profile={profile} jis={profile.displayed_jis} />
        )}
      </Section>
    </>
  )
}

type Metric = OwnProfile['reliance']['team_gain']

function Figure({
  name,
  text,
  metric: { value, low, high, n },
  show,
}: {
  readonly name: string
  readonly text: string
  readonly metric: Metric
  readonly show: (value: number) => string
}) {
  return (
    <div class="own-figure">
      <dt>{name}</dt>
      <dd>
        <strong>{value === null ? '—' : show(value)}</strong>
        <p class="small">
          {value === null || low === null || high === null
            ? says.tooFew
            : `${says.interval(show(low), show(high))}, ${says.of(toNumber(n))}`}
        </p>
        <p class="muted small">{text}</p>
      </dd>
    </div>
  )
}

function Beside({ profile: { profile } }: { readonly profile: OwnProfile }) {
  const { statistics, evidence_mix: mix } = profile
  return (
    <>
      {statistics.accuracy_percent === null ? null : (
        <p>{says.outcomes(toPercent(statistics.accuracy_percent / 100))}</p>
      )}
      {mix === null ? null : (
        <p>{says.mix(toPercent(mix.asserted), toPercent(mix.anchored), toPercent(mix.attested))}</p>
      )}
    </>
  )
}

/** The placeholder for a withheld figure is never shown. */
function Withheld({
  profile: { profile },
  record,
}: {
  readonly profile: OwnProfile
  readonly record: OwnRecord
}) {
  const why =
    profile.withheld === 'outcomes_unknown'
      ? says.withheld.outcomes_unknown
      : says.withheld.minimum_data(
          toNumber(profile.total_interactions),
          toNumber(record.minimum.interactions),
        )
  return (
    <p>
      {why} <span class="muted">{says.withheld.nobody}</span>
    </p>
  )
}

function Score({ profile, jis }: { readonly profile: OwnProfile; readonly jis: number }) {
  const { profile: figures, jis_history: history } = profile
  const { jis_interval: interval, n_by_dimension: evidence, dimensions } = figures
  const computed: readonly string[] = figures.dimensions_computed
  // Safe: a reply has all seven dimensions by name.
  const names = Object.keys(says.dimensionNames) as (keyof typeof dimensions)[]
  return (
    <>
      <p>
        <strong class="own-score">{toNumber(jis)}</strong> {says.scale}
        {interval === null ? null : (
          <span class="muted"> · {says.interval(toNumber(interval[0]), toNumber(interval[1]))}</span>
        )}
      </p>
      <div class="own-scroll">
        <table>
          <caption class="muted small">{says.evidenceText}</caption>
          <thead>
            <tr>
              <th scope="col">{says.dimension}</th>
              <th scope="col" class="number">
                {says.value}
              </th>
              <th scope="col" class="number">
                {says.evidence}
              </th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">
                  {says.dimensionNames[name]}
                  <p class="muted small">{says.dimensionFormulas[name]}</p>
                </th>
                <td class="number">{computed.includes(name) ? toNumber(dimensions[name]) : '—'}</td>
                <td class="number">{toNumber(evidence?.[name] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div>
        <h3>{says.formula}</h3>
        <p class="muted small">{says.formulaText}</p>
      </div>
      {history.length === 0 ? null : (
        <div>
          <h3>{says.history}</h3>
          <ol class="own-plain small">
            {history.map(({ timestamp, jis: then }) => (
              <li key={timestamp}>
                <time dateTime={timestamp}>{toDate(timestamp)}</time> <span>{toNumber(then)}</span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </>
  )
}
