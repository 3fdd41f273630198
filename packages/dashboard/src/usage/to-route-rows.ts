import type { RouteUsage, StatusClass, Usage } from '@gatehouse/sdk'

export const statusClasses = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const satisfies readonly StatusClass[]

export type ClassCounts = Readonly<Record<StatusClass, number>>
export type RouteRow = {
  readonly method: string
  readonly route: string
  readonly calls: number
  readonly byClass: ClassCounts
}
export type DayRow = { readonly day: string; readonly calls: number; readonly byClass: ClassCounts }

/** One row per endpoint, busiest first. */
export function toRouteRows(routes: readonly RouteUsage[]): readonly RouteRow[] {
  const rows = Map.groupBy(routes, ({ method, route }) => `${method} ${route}`)
  return [...rows.values()]
    .flatMap((group) => {
      const [first] = group
      if (first === undefined) return []
      const byClass = toCounts((wanted) =>
        sum(group.filter(({ statusClass }) => statusClass === wanted).map(({ calls }) => calls)),
      )
      return [{ method: first.method, route: first.route, calls: sum(Object.values(byClass)), byClass }]
    })
    .toSorted((a, b) => b.calls - a.calls)
}

/** One row per day, in order. */
export function toDayRows({ days, routes }: Usage): readonly DayRow[] {
  return days.map((day, index) => {
    const byClass = toCounts((wanted) =>
      sum(routes.filter(({ statusClass }) => statusClass === wanted).map(({ perDay }) => perDay[index] ?? 0)),
    )
    return { day, calls: sum(Object.values(byClass)), byClass }
  })
}

export function toTotals(rows: readonly { readonly byClass: ClassCounts }[]): ClassCounts {
  return toCounts((wanted) => sum(rows.map(({ byClass }) => byClass[wanted])))
}

function toCounts(count: (wanted: StatusClass) => number): ClassCounts {
  return {
    '1xx': count('1xx'),
    '2xx': count('2xx'),
    '3xx': count('3xx'),
    '4xx': count('4xx'),
    '5xx': count('5xx'),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
