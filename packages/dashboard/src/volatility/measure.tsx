import { toNumber } from '../number-format.ts'
import { type Axis, Interval } from '../parts/interval.tsx'
import { qualityWords as says } from '../words/quality-words.ts'

/** A score with its interval; for less than a day of bars there is no interval, which is said. */
export function Measure({
  value,
  interval,
  n,
  axis,
}: {
  readonly value: number
  readonly interval: readonly [low: number, high: number] | null
  readonly n: number
  readonly axis: Axis
}) {
  if (interval !== null)
    return <Interval value={value} low={interval[0]} high={interval[1]} n={n} axis={axis} format={toNumber} />
  return (
    <span>
      <strong>{toNumber(value)}</strong> <span class="muted small">{says.noInterval(toNumber(n))}</span>
    </span>
  )
}
