import { GatehouseProblem } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useRoute } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { at } from '../at.ts'
import { Section } from '../controls.tsx'
import { toNumber } from '../number-format.ts'
import { MeasureRow } from '../oversight/measure-row.tsx'
import { NoOperator } from '../oversight/no-operator.tsx'
import { OperatorContests } from '../oversight/operator-contests.tsx'
import { OperatorDecisions } from '../oversight/operator-decisions.tsx'
import { OperatorScore } from '../oversight/operator-score.tsx'
import { OperatorSettings } from '../oversight/operator-settings.tsx'
import { domains, oversight, type Profile, readWindow, windows } from '../oversight/oversight-calls.ts'
import { PersonRights } from '../oversight/person-rights.tsx'
import { RecommendedExercises } from '../oversight/recommended-exercises.tsx'
import { WhoLookedWhenSeen } from '../oversight/who-looked.tsx'
import { TeamGain } from '../oversight/team-gain.tsx'
import { Found, Heading } from '../parts.tsx'
import { Choose, Segments } from '../parts/choices.tsx'
import { useTableState } from '../parts/table-state.ts'
import { TimeChart } from '../parts/time-chart.tsx'
import { ownRecordWords } from '../words/own-record-words.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { whoLookedWords } from '../words/who-looked-words.ts'

const says = oversightWords.person

export function OperatorPage() {
  const { params } = useRoute()
  const id = decodeURIComponent(params['id'] ?? '')
  const { state, change } = useTableState(['domain', 'window'])
  const window = readWindow(state.filters['window'])
  const domain = domains.find((known) => known === state.filters['domain'])
  const query = useQuery({
    queryKey: ['operator', id, window, domain],
    queryFn: ({ signal }) =>
      oversight.profile(id, { window, ...(domain === undefined ? {} : { domain }) }, { signal }),
    retry: (count, error) => !(error instanceof GatehouseProblem) && count < 3,
  })
  if (query.error instanceof GatehouseProblem && [404, 422].includes(query.error.status))
    return <NoOperator operatorId={id} />
  const set = (name: string, value: string): void => change({ filters: { ...state.filters, [name]: value } })
  return (
    <>
      <a class="small" href={at('/oversight/operators')}>
        ← {says.toList}
      </a>
      <Heading title={id} text={says.text}>
        <div class="actions">
          {query.data === undefined ? null : (
            <Choose
              label={oversightWords.domain}
              value={query.data.domain}
              options={query.data.profile.domains.map((value) => ({
                value,
                text: oversightWords.domains[value],
              }))}
              onChoose={(value) => set('domain', value)}
            />
          )}
          <Segments
            label={oversightWords.window}
            value={window}
            options={windows.map((value) => ({ value, text: oversightWords.windows[value] }))}
            onChoose={(value) => set('window', value)}
          />
        </div>
      </Heading>
      <Found query={query}>
        {(profile) => (
          <>
            <Reliance profile={profile} />
            <Section title={oversightWords.independence} text={oversightWords.notQuality}>
              <OperatorScore profile={profile} />
            </Section>
            <History profile={profile} />
            <Practice found={profile} />
            <OperatorContests operatorId={id} />
            <WhoLookedWhenSeen
              of={id}
              text={whoLookedWords.text}
              load={(page, signal) => oversight.operators.views(id, page, { signal })}
            />
            <OperatorDecisions operatorId={id} />
            <OperatorSettings profile={profile} />
            <PersonRights operatorId={id} />
          </>
        )}
      </Found>
    </>
  )
}

function Reliance({ profile: { reliance, profile } }: { readonly profile: Profile }) {
  const withheld = toWithheld(profile)
  return (
    <>
      <TeamGain gain={profile.minimum_data_met ? reliance.team_gain : null} withheld={withheld} />
      <Section title={says.reliance}>
        <dl class="measures">
          <MeasureRow
            name={oversightWords.over}
            text={oversightWords.overText}
            metric={reliance.over_reliance}
          />
          <MeasureRow
            name={oversightWords.under}
            text={oversightWords.underText}
            metric={reliance.under_reliance}
          />
          <MeasureRow
            name={says.rair}
            text={says.rairText}
            metric={reliance.rair}
            missing={oversightWords.sendOwn}
          />
          <MeasureRow
            name={says.rsr}
            text={says.rsrText}
            metric={reliance.rsr}
            missing={oversightWords.sendOwn}
          />
        </dl>
      </Section>
    </>
  )
}

export function toWithheld({ withheld, total_interactions: count }: Profile['profile']): string {
  return withheld === 'outcomes_unknown'
    ? oversightWords.withheldOutcomes
    : oversightWords.withheld(toNumber(count), '50')
}

function History({ profile: { jis_history: weeks } }: { readonly profile: Profile }) {
  const drawn = useMemo(() => {
    const known = weeks.toSorted((one, other) => one.timestamp.localeCompare(other.timestamp))
    return {
      times: known.map(({ timestamp }) => Date.parse(timestamp)),
      series: [{ name: oversightWords.independence, values: known.map(({ jis }) => jis) }],
    }
  }, [weeks])
  if (weeks.length < 2) return null
  return (
    <Section title={says.history} text={oversightWords.notQuality}>
      <TimeChart
        label={says.history}
        times={drawn.times}
        series={drawn.series}
        format={toNumber}
        heightPixels={180}
      />
    </Section>
  )
}

function Practice({ found }: { readonly found: Profile }) {
  const { profile } = found
  const { maintenance_recommendation: offer, decay_projection: decay } = profile
  if (!profile.minimum_data_met) return null
  const { target_dimension: target } = offer
  return (
    <Section title={says.practice} text={says.practiceText}>
      {offer.intervention_type === 'none' ? (
        <p class="muted">{says.noPractice}</p>
      ) : (
        <p>
          <strong>{says.kinds[offer.intervention_type]}</strong>
          {target === null ? null : (
            <span class="muted small block">{says.aim(ownRecordWords.dimensionNames[target])}</span>
          )}
        </p>
      )}
      {offer.intervention_type === 'none' ? null : <RecommendedExercises profile={found} />}
      {decay.days_to_threshold === null ? null : (
        <p class="muted small">{says.projection(toNumber(decay.days_to_threshold))}</p>
      )}
    </Section>
  )
}
