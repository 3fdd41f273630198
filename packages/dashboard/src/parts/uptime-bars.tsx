import { useState } from 'preact/hooks'
import { locale } from '../language.ts'
import { toSpan } from '../to-ago.ts'
import { partsWords } from '../words/parts-words.ts'

const says = partsWords.bars

export type DayLevel = 'clean' | 'brief' | 'long' | 'severe' | 'maintenance' | 'empty'
export type UptimeDay = { readonly date: string; readonly level: DayLevel; readonly downMs: number }

// Levels differ in height, for readers who cannot tell the colours apart.
const tops: Readonly<Record<DayLevel, number>> = {
  clean: 0,
  brief: 10,
  long: 5,
  severe: 0,
  maintenance: 14,
  empty: 27,
}
const height = 34
const step = 10

const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })

/** One bar per day. A click, a touch or the arrow keys show the day's details. */
export function UptimeBars({ name, days }: { readonly name: string; readonly days: readonly UptimeDay[] }) {
  const [at, setAt] = useState<number>()
  const last = days.length - 1
  const chosen = days[at ?? last]
  const move = (index: number): void => setAt(Math.max(0, Math.min(last, index)))
  const known = days.find(({ level }) => level !== 'empty')
  return (
    <div class="uptime-bars">
      <svg
        viewBox={`0 0 ${Math.max(days.length * step - 3, 1)} ${height}`}
        preserveAspectRatio="none"
        role="slider"
        tabIndex={0}
        aria-label={says.label(name)}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={at ?? last}
        aria-valuetext={chosen === undefined ? says.empty : sayDay(chosen)}
        onKeyDown={(event) => {
          const steps: Readonly<Record<string, number>> = {
            ArrowLeft: -1,
            ArrowRight: 1,
            Home: -Infinity,
            End: Infinity,
          }
          const by = steps[event.key]
          if (by === undefined) return
          event.preventDefault()
          move((at ?? last) + by)
        }}
        onPointerMove={(event) => {
          const { left, width } = event.currentTarget.getBoundingClientRect()
          move(Math.floor(((event.clientX - left) / width) * days.length))
        }}
        onPointerLeave={() => setAt(undefined)}
        onBlur={() => setAt(undefined)}
      >
        {days.map(({ date, level }, index) => (
          <g key={date} class={index === at ? 'chosen' : ''}>
            <rect
              class={level}
              x={index * step}
              y={tops[level]}
              width={7}
              height={height - tops[level]}
              rx="1.5"
            />
          </g>
        ))}
      </svg>
      <p class="uptime-scale muted small">
        <span>
          {known === undefined || known === days[0]
            ? says.days(String(days.length))
            : says.since(toDay(known.date))}
        </span>
        <span>{at === undefined || chosen === undefined ? '' : sayDay(chosen)}</span>
        <span>{says.today}</span>
      </p>
    </div>
  )
}

function sayDay({ date, level, downMs }: UptimeDay): string {
  const down = says.down(toSpan(downMs))
  const said: Readonly<Record<DayLevel, string>> = {
    clean: says.clean,
    brief: down,
    long: down,
    severe: down,
    maintenance: says.maintenance,
    empty: says.empty,
  }
  return says.day(toDay(date), said[level])
}

function toDay(date: string): string {
  return format.format(Date.parse(`${date}T00:00:00Z`))
}
