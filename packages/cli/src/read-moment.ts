import { UsageError } from './command.ts'

/** Parses an ISO 8601 date or time in UTC into Unix milliseconds. */
export function readMoment(flag: string, value: string): number {
  const isMoment = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/.test(value)
  const atMs = isMoment ? Date.parse(value) : Number.NaN
  if (Number.isNaN(atMs))
    throw new UsageError(
      `--${flag} must be a date or a time in UTC, such as 2026-11-30 or 2026-11-30T08:00:00Z`,
    )
  return atMs
}
