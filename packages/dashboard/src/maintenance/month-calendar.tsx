import type { MaintenanceTime } from '@gatehouse/sdk'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Section } from '../controls.tsx'
import { locale } from '../language.ts'
import { useLive } from '../live/use-live.ts'
import { toInstant, toLocal } from '../local-time.ts'
import { Complaint } from '../parts.tsx'
import { gatehouse } from '../session.ts'
import { toDate } from '../to-date.ts'
import { calendarWords as says } from '../words/calendar-words.ts'
import { zoneInUse } from '../zone.ts'
import { DayTimes } from './day-times.tsx'
import {
  addDays,
  addMonths,
  type Day,
  groupByDay,
  inMonth,
  listWeeks,
  type Month,
  monthOf,
  readWeekStart,
} from './month-grid.ts'

const pollMs = 60_000
const dotsMax = 3
const toDay = (at: string | number): Day => toLocal(at).slice(0, 10)
const monthName = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' })
const weekdayNames = (['short', 'long'] as const).map(
  (weekday) => new Intl.DateTimeFormat(locale, { weekday, timeZone: 'UTC' }),
)

/** A month of maintenance, by the clocks and the weeks of whoever looks at it. */
export function MonthCalendar({ onOpen }: { readonly onOpen: ((id: string) => void) | undefined }) {
  const today = toDay(Date.now())
  const [day, setDay] = useState(today)
  const month = monthOf(day)
  const weeks = listWeeks(month, readWeekStart(navigator.language))
  const days = weeks.flat()
  const on = useTimes(days, today)
  const grid = useRef<HTMLTableElement>(null)
  const isMoved = useRef(false)
  // Before the next key can be pressed: the button that had the focus may be gone with its month.
  useLayoutEffect(() => {
    if (!isMoved.current) return
    isMoved.current = false
    grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }, [day])
  const move = (key: string, isShifted: boolean): boolean => {
    const next = toNext(day, key, weeks, isShifted)
    if (next === undefined) return false
    isMoved.current = true
    setDay(next)
    return true
  }
  return (
    <Section title={says.title} text={says.text(zoneInUse())}>
      <div class="calendar">
        <Months month={month} onMonth={(to) => setDay(inMonth(day, to))} onToday={() => setDay(today)} />
        <table
          ref={grid}
          role="grid"
          aria-label={toMonthName(month)}
          onKeyDown={(event) => {
            if (move(event.key, event.shiftKey)) event.preventDefault()
          }}
        >
          <thead>
            <tr>
              {(weeks[0] ?? []).map((of) => (
                <th key={of} scope="col" abbr={toWeekday(of, 1)}>
                  {toWeekday(of, 0)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((week) => (
              <tr key={week[0]}>
                {week.map((of) => (
                  <td key={of} role="gridcell" aria-selected={of === day}>
                    <DayButton
                      day={of}
                      times={on.times.get(of) ?? []}
                      isChosen={of === day}
                      isToday={of === today}
                      isOutside={monthOf(of) !== month}
                      onChoose={() => setDay(of)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <Complaint error={on.error} />
        <DayTimes day={day} times={on.times.get(day) ?? []} onOpen={onOpen} />
      </div>
    </Section>
  )
}

function Months({
  month,
  onMonth,
  onToday,
}: {
  readonly month: Month
  readonly onMonth: (month: Month) => void
  readonly onToday: () => void
}) {
  return (
    <div class="actions">
      <h3 aria-live="polite">{toMonthName(month)}</h3>
      <button type="button" class="quiet" onClick={onToday}>
        {says.today}
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={says.before}
        onClick={() => onMonth(addMonths(month, -1))}
      >
        ‹
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={says.after}
        onClick={() => onMonth(addMonths(month, 1))}
      >
        ›
      </button>
    </div>
  )
}

function DayButton({
  day,
  times,
  isChosen,
  isToday,
  isOutside,
  onChoose,
}: {
  readonly day: Day
  readonly times: readonly MaintenanceTime[]
  readonly isChosen: boolean
  readonly isToday: boolean
  readonly isOutside: boolean
  readonly onChoose: () => void
}) {
  return (
    <button
      type="button"
      class={`day${isOutside ? ' outside' : ''}${isToday ? ' today' : ''}`}
      tabIndex={isChosen ? 0 : -1}
      aria-pressed={isChosen}
      aria-label={says.day(toDate(day), times.length)}
      {...(isToday ? { 'aria-current': 'date' as const } : {})}
      onClick={onChoose}
    >
      <span>{Number(day.slice(8))}</span>
      <span class="dots" aria-hidden="true">
        {times.slice(0, dotsMax).map((time) => (
          <i key={`${time.windowId ?? time.seriesId} ${time.startsAt}`} class={time.state} />
        ))}
        {times.length > dotsMax ? says.more(times.length - dotsMax) : null}
      </span>
    </button>
  )
}

/** What is on at each of these days. */
function useTimes(days: readonly Day[], today: Day) {
  const [first = today, last = today] = [days[0], days.at(-1)]
  const [from, to] = [toInstant(`${first}T00:00`), toInstant(`${addDays(last, 1)}T00:00`)]
  const query = useQuery({
    queryKey: ['maintenance', 'times', from, to],
    queryFn: ({ signal }) => gatehouse.uptime.maintenanceWindows.times({ from, to }, { signal }),
    placeholderData: keepPreviousData,
    ...useLive(['maintenance'], pollMs),
  })
  return { times: groupByDay(query.data ?? [], days, toDay, today), error: query.error }
}

/** The day that a key leads to, as in any grid of dates; undefined for other keys. */
function toNext(
  day: Day,
  key: string,
  weeks: readonly (readonly Day[])[],
  isShifted: boolean,
): Day | undefined {
  const week = weeks.find((one) => one.includes(day)) ?? []
  const months = isShifted ? 12 : 1
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1)
    case 'ArrowRight':
      return addDays(day, 1)
    case 'ArrowUp':
      return addDays(day, -7)
    case 'ArrowDown':
      return addDays(day, 7)
    case 'Home':
      return week[0]
    case 'End':
      return week.at(-1)
    case 'PageUp':
      return inMonth(day, addMonths(monthOf(day), -months))
    case 'PageDown':
      return inMonth(day, addMonths(monthOf(day), months))
    default:
      return undefined
  }
}

function toMonthName(month: Month): string {
  return monthName.format(new Date(`${month}-01T00:00:00Z`))
}

function toWeekday(day: Day, form: 0 | 1): string {
  return weekdayNames[form]?.format(new Date(`${day}T00:00:00Z`)) ?? ''
}
