import { words } from '../words.ts'
import { partsWords } from '../words/parts-words.ts'

const says = partsWords.interval

export type Axis = {
  readonly min: number
  readonly max: number
  /** The neutral value, such as 0 for a gain. */
  readonly reference?: number
}

type IntervalProps = {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  /** Number of observations. */
  readonly n: number
  /** Common to all compared intervals. */
  readonly axis: Axis
  readonly format: (value: number) => string
  /** The reason why a value is withheld. */
  readonly withheld?: string
}

/** A value with its confidence interval, on an axis and as text. */
export function Interval({ value, low, high, n, axis, format, withheld }: IntervalProps) {
  const count = n.toLocaleString(document.documentElement.lang)
  if (value === null || low === null || high === null)
    return (
      <div class="interval">
        <strong class="muted">{withheld === undefined ? words.none : says.withheld}</strong>
        <span class="interval-axis" aria-hidden="true" />
        <span class="muted small">{withheld ?? says.count(count)}</span>
      </div>
    )
  const [from, to] = [toShare(low, axis), toShare(high, axis)]
  return (
    <div class="interval" role="img" aria-label={says.said(format(value), format(low), format(high), count)}>
      <strong>{format(value)}</strong>
      <svg class="interval-axis" aria-hidden="true">
        <line class="base" x1="0" x2="100%" y1="50%" y2="50%" />
        {axis.reference === undefined ? null : (
          <line
            class="reference"
            x1={toShare(axis.reference, axis)}
            x2={toShare(axis.reference, axis)}
            y1="0"
            y2="100%"
          />
        )}
        <line class="range" x1={from} x2={to} y1="50%" y2="50%" />
        <line class="end" x1={from} x2={from} y1="25%" y2="75%" />
        <line class="end" x1={to} x2={to} y1="25%" y2="75%" />
        <circle cx={toShare(value, axis)} cy="50%" r="4" />
      </svg>
      <span class="muted small">
        {says.range(format(low), format(high))} · {says.count(count)}
      </span>
    </div>
  )
}

/** Values beyond the axis are drawn at its end. */
function toShare(value: number, { min, max }: Axis): string {
  return `${Math.max(0, Math.min(1, (value - min) / (max - min))) * 100}%`
}
