import { toNumber } from '../number-format.ts'
import { toDate } from '../to-date.ts'
import { postureWords as says } from '../words/posture-words.ts'
import type { DayOfResults } from './posture-calls.ts'

const height = 40
const step = 10
/** A minimum height, so that a single failure among a thousand results is visible. */
const leastHeight = 8

/** One bar per day: results that hold at the bottom, unknown ones above, failures on top. */
export function PostureTrend({ days }: { readonly days: readonly DayOfResults[] }) {
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return <p class="muted">{says.noTrend}</p>
  const bad = days.filter(({ fails }) => fails > 0)
  return (
    <div class="posture-trend">
      <svg
        viewBox={`0 0 ${Math.max(days.length * step - 2, 240)} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={says.trendSaid(toNumber(days.length), toNumber(bad.length))}
      >
        {days.map((day, index) => (
          <g key={day.day}>
            <title>{sayDay(day)}</title>
            {toParts(day).map(({ name, y, part }) => (
              <rect key={name} class={name} x={index * step} y={y} width={8} height={part} />
            ))}
          </g>
        ))}
      </svg>
      <p class="uptime-scale muted small">
        <span>{toDate(first.day)}</span>
        <span>{says.trendSaid(toNumber(days.length), toNumber(bad.length))}</span>
        <span>{toDate(last.day)}</span>
      </p>
      {bad.length === 0 ? null : (
        <ul class="limits small">
          {bad.toReversed().map((day) => (
            <li key={day.day}>{sayDay(day)}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

function toParts({ holds, unknown, fails }: DayOfResults) {
  const all = holds + unknown + fails
  const bad = fails === 0 ? 0 : Math.max(leastHeight, (fails / all) * height)
  const grey = holds + unknown === 0 ? 0 : (unknown / (holds + unknown)) * (height - bad)
  return [
    { name: 'down', y: 0, part: bad },
    { name: 'unknown', y: bad, part: grey },
    { name: 'up', y: bad + grey, part: height - bad - grey },
  ].filter(({ part }) => part > 0)
}

function sayDay({ day, holds, fails, unknown }: DayOfResults): string {
  return says.trendDay(toDate(day), toNumber(holds), toNumber(fails), toNumber(unknown))
}
