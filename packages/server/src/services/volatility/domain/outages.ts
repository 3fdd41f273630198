const minuteMs = 60_000
/** The number of consecutive minutes without a call that make an incident (wire W4.11). */
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
  /** Percentage of minutes outside incidents; null below an hour. */
  readonly observedPercent: number | null
}

/** Derives outages from which minutes had calls, oldest first; the first minute starts at `startMs`. */
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
