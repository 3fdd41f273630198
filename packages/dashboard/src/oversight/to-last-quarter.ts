/** First and last day of the last completed calendar quarter, in UTC. */
export function toLastQuarter(nowMs: number): readonly [start: string, end: string] {
  const now = new Date(nowMs)
  const month = Math.floor(now.getUTCMonth() / 3) * 3
  const toDay = (ofMonth: number, day: number): string =>
    new Date(Date.UTC(now.getUTCFullYear(), ofMonth, day)).toISOString().slice(0, 10)
  return [toDay(month - 3, 1), toDay(month, 0)]
}
