import { toNumber } from '../number-format.ts'
import { Interval } from '../parts/interval.tsx'
import { ownRecordWords } from '../words/own-record-words.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { BandMark } from './band-mark.tsx'
import { minimumDecisions, type Profile } from './oversight-calls.ts'

const says = oversightWords.person
const axis = { min: 0, max: 100, reference: 60 }

/** The independence score with its interval and dimensions, or the amount of data missing for it. */
export function OperatorScore({ profile: { displayed_jis: jis, profile } }: { readonly profile: Profile }) {
  const { jis_interval: range, n_effective: n, total_interactions: count } = profile
  if (jis === null)
    return (
      <p>
        {profile.withheld === 'outcomes_unknown'
          ? oversightWords.withheldOutcomes
          : oversightWords.withheld(toNumber(count), toNumber(minimumDecisions))}
      </p>
    )
  return (
    <>
      <p class="row">
        <BandMark band={profile.band} />
      </p>
      <Interval
        value={jis}
        low={range?.[0] ?? null}
        high={range?.[1] ?? null}
        n={Math.round(n ?? count)}
        axis={axis}
        format={toNumber}
      />
      <Dimensions profile={profile} />
    </>
  )
}

function Dimensions({ profile }: { readonly profile: Profile['profile'] }) {
  const { dimensions, dimensions_computed: computed, n_by_dimension: evidence } = profile
  // Safe: a reply has all seven dimensions by name.
  const names = Object.keys(dimensions) as (keyof typeof dimensions)[]
  return (
    <div class="scroll tall" tabIndex={0} role="group" aria-label={says.dimensions}>
      <table>
        <thead>
          <tr>
            <th scope="col">{says.dimension}</th>
            <th scope="col">{says.value}</th>
            <th scope="col" class="number">
              {says.evidence}
            </th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row">{ownRecordWords.dimensionNames[name]}</th>
              <td>{computed.includes(name) ? <Bar value={dimensions[name]} /> : '—'}</td>
              <td class="number">{toNumber(evidence?.[name] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Bar({ value }: { readonly value: number }) {
  return (
    <span class="agreed">
      <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
        <rect class="ground" width="100" height="12" />
        <rect class="bar" width={value} height="12" />
      </svg>
      {toNumber(value)}
    </span>
  )
}
