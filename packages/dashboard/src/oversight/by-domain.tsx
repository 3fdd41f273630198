import { toNumber, toPercent, toSignedPoints } from '../number-format.ts'
import { oversightWords } from '../words/oversight-words.ts'
import type { Metric, Organisation } from './oversight-calls.ts'

const says = oversightWords.org

/** Figures of every domain with decisions; withheld for groups of fewer than five people. */
export function ByDomain({ groups }: { readonly groups: Organisation['by_domain'] }) {
  const points = (share: number): string => toSignedPoints(share)
  return (
    <div class="scroll tall" tabIndex={0} role="group" aria-label={says.byDomain}>
      <table>
        <thead>
          <tr>
            <th scope="col">{oversightWords.domain}</th>
            <th scope="col" class="number">
              {says.decisions}
            </th>
            <th scope="col" class="number">
              {says.operators}
            </th>
            <th scope="col" class="number">
              {oversightWords.teamGain}
            </th>
            <th scope="col" class="number">
              {oversightWords.over}
            </th>
            <th scope="col" class="number">
              {oversightWords.under}
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.domain}>
              <th scope="row">{oversightWords.domains[group.domain]}</th>
              <td class="number">{toNumber(group.decisions)}</td>
              <td class="number">{toNumber(group.operators)}</td>
              <td class="number">
                <Short metric={group.team_gain} format={points} />
              </td>
              <td class="number">
                <Short metric={group.over_reliance} format={toPercent} />
              </td>
              <td class="number">
                <Short metric={group.under_reliance} format={toPercent} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Short({
  metric,
  format,
}: {
  readonly metric: Pick<Metric, 'value' | 'low' | 'high' | 'n'> | null
  readonly format: (value: number) => string
}) {
  if (metric === null || metric.value === null)
    return <span class="muted">{oversightWords.list.withheld}</span>
  return (
    <>
      {format(metric.value)}
      {metric.low === null || metric.high === null ? null : (
        <span class="muted small block">
          {format(metric.low)} … {format(metric.high)} · n = {toNumber(metric.n)}
        </span>
      )}
    </>
  )
}
