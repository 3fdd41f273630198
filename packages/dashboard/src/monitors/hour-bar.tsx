import { monitorTableWords as says } from '../words/monitor-table-words.ts'
import type { MonitorDay } from './read-monitors.ts'

const step = 6
const height = 18
const heights: Readonly<Record<string, number>> = {
  up: 12,
  degraded: 15,
  down: 18,
  maintenance: 9,
  paused: 3,
  unknown: 3,
}

/** The last 24 hours, one bar each; states differ in height too, for readers who cannot tell the colours apart. */
export function HourBar({ name, hours }: { readonly name: string; readonly hours: MonitorDay['hours'] }) {
  const bad = hours.filter((state) => state === 'down').length
  return (
    <svg
      class="hour-bar"
      viewBox={`0 0 ${24 * step - 2} ${height}`}
      role="img"
      aria-label={bad === 0 ? says.dayClean(name) : says.dayBad(name, String(bad))}
    >
      {hours.map((state, hour) => {
        const tall = state === null ? 2 : (heights[state] ?? 2)
        return (
          // An hour is identified only by its position.
          <rect
            key={hour}
            class={state ?? 'none'}
            x={hour * step}
            y={height - tall}
            width={step - 2}
            height={tall}
            rx="1"
          />
        )
      })}
    </svg>
  )
}
