export type UsageCount = {
  /** Midnight UTC, in milliseconds since the epoch. */
  readonly dayMs: number
  readonly method: string
  readonly route: string
  /** The first digit of the status. */
  readonly statusClass: number
  readonly calls: number
}

export type UsageLine = Pick<UsageCount, 'method' | 'route' | 'statusClass'> & {
  readonly calls: number
  /** The calls per day, in the order of the table's days; zero for a day without calls. */
  readonly perDay: readonly number[]
}

export type UsageTable = {
  /** The midnights in UTC, oldest first. */
  readonly days: readonly number[]
  readonly calls: number
  readonly lines: readonly UsageLine[]
}

/** Makes one line per route and status class, in the order of their first occurrence. */
export function toUsageTable(days: readonly number[], counts: readonly UsageCount[]): UsageTable {
  const position = new Map(days.map((day, index) => [day, index]))
  const byLine = Map.groupBy(counts, ({ method, route, statusClass }) => `${statusClass} ${method} ${route}`)
  const lines = [...byLine.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { method, route, statusClass } = first
    const perDay = days.map(() => 0)
    for (const { dayMs, calls } of group) {
      const index = position.get(dayMs)
      if (index === undefined) throw new Error('A count lies outside the days that were asked for')
      perDay[index] = calls
    }
    return [{ method, route, statusClass, calls: sum(perDay), perDay }]
  })
  return { days, calls: sum(lines.map(({ calls }) => calls)), lines }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
