const minuteMs = 60_000
/** Whole minutes in a row without a call that make an incident (wire W4.11). */
const minutesLeast = 3

export type Incident = {
  readonly startedMs: number
  /** Null while it lasts. */
  readonly endedMs: number | null
  readonly minutes: number
}

export type Availability = {
  readonly windowMinutes: number
  /** Newest first. */
  readonly incidents: readonly Incident[]
  /** Per cent of the minutes that lie in no incident; null below an hour. */
  readonly observedPercent: number | null
}

/** Reads outages from which minutes were seen, oldest first, the first of them beginning at `startMs`. */
export function readOutages(startMs: number, seen: readonly boolean[]): Availability {
  const incidents: Incident[] = []
  let from = 0
  for (let minute = 0; minute <= seen.length; minute += 1) {
    if (minute < seen.length && seen[minute] === false) continue
    const minutes = minute - from
    if (minutes >= minutesLeast)
      incidents.push({
        startedMs: startMs + from * minuteMs,
        endedMs: minute === seen.length ? null : startMs + minute * minuteMs,
        minutes,
      })
    from = minute + 1
  }
  const lost = incidents.reduce((sum, { minutes }) => sum + minutes, 0)
  return {
    windowMinutes: seen.length,
    incidents: incidents.toReversed(),
    observedPercent: seen.length < 60 ? null : 100 * (1 - lost / seen.length),
  }
}
