import { Section } from '../controls.tsx'
import { toNumber } from '../number-format.ts'
import { Measure } from './measure.tsx'
import { toDate } from '../to-date.ts'
import { qualityWords as says } from '../words/quality-words.ts'
import type { Quality } from './regimes.ts'

type Measured = NonNullable<Quality['measured']>
type Contest = Measured['contests'][number]
type Entrant = Contest['entrants'][number]
const axis = { min: 0, max: 1 }
const leadAxis = { min: -0.5, max: 0.5, reference: 0 }

/** All methods and baselines on the same bars, including worse ones. */
export function MethodContests({ measured }: { readonly measured: Measured }) {
  const { bars, data_from_ms: fromMs, data_to_ms: toMs, contests } = measured
  const day = (ms: number): string => toDate(new Date(ms).toISOString())
  return (
    <Section title={says.contests} text={says.contestsText}>
      <p class="muted small">{says.data(toNumber(bars), day(fromMs), day(toMs))}</p>
      {contests.map((contest) => (
        <OneContest key={`${contest.labels}/${contest.alerts_per_day_most}`} contest={contest} />
      ))}
    </Section>
  )
}

function OneContest({ contest }: { readonly contest: Contest }) {
  const { labels, alerts_per_day_most: most, winner, difference_shown: isShown, entrants } = contest
  const title = `${says.labels[labels]}, ${says.budget(toNumber(most))}`
  return (
    <details open={labels === 'global'}>
      <summary>{title}</summary>
      <div class="scroll tall" tabIndex={0} role="group" aria-label={title}>
        <table class="contest">
          <thead>
            <tr>
              <th scope="col">{says.method}</th>
              <th scope="col">{says.macro}</th>
              <th scope="col">{says.lead}</th>
              <th scope="col" class="number">
                {says.alerts}
              </th>
            </tr>
          </thead>
          <tbody>
            {entrants.map((entrant) => (
              <Line key={entrant.name} entrant={entrant} isWinner={isShown && entrant.name === winner} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function Line({ entrant, isWinner }: { readonly entrant: Entrant; readonly isWinner: boolean }) {
  const { name, macro_f1: value, interval, n, lead, alerts_per_day: perDay } = entrant
  const notes = [
    ...(isWinner ? [says.winner] : []),
    ...(entrant.served ? [] : [says.baseline]),
    ...(entrant.within_budget ? [] : [says.overBudget]),
  ]
  return (
    <tr>
      <th scope="row">
        {says.methods[name]}
        <span class="muted small block">{notes.join(' · ')}</span>
      </th>
      <td>
        <Measure value={value} interval={interval} n={n} axis={axis} />
      </td>
      <td>
        {lead === null ? '—' : <Measure value={lead.by} interval={lead.interval} n={n} axis={leadAxis} />}
      </td>
      <td class="number">{toNumber(perDay)}</td>
    </tr>
  )
}
