import { toPercent } from '../number-format.ts'
import { type Axis, Interval } from '../parts/interval.tsx'
import { oversightWords as says } from '../words/oversight-words.ts'
import type { Metric } from './oversight-calls.ts'

export const shareAxis: Axis = { min: 0, max: 1 }

/** A measure with its name, meaning, value, interval and n, or with what is missing for it. */
export function MeasureRow({
  name,
  text,
  metric,
  axis = shareAxis,
  format = toPercent,
  missing = says.sendOutcome,
}: {
  readonly name: string
  readonly text?: string
  readonly metric: Pick<Metric, 'value' | 'low' | 'high' | 'n'> | null
  readonly axis?: Axis
  readonly format?: (value: number) => string
  readonly missing?: string
}) {
  const { value = null, low = null, high = null, n = 0 } = metric ?? {}
  return (
    <div>
      <dt>
        {name}
        {text === undefined ? null : <span class="block small muted">{text}</span>}
      </dt>
      <dd>
        <Interval
          value={value}
          low={low}
          high={high}
          n={Math.round(n)}
          axis={axis}
          format={format}
          {...(value === null ? { withheld: n > 0 ? says.tooFew : missing } : {})}
        />
      </dd>
    </div>
  )
}
