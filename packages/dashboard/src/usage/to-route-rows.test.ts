import type { RouteUsage, Usage } from '@gatehouse/sdk'
import { expect, it } from 'vitest'
import { toDayRows, toRouteRows, toTotals } from './to-route-rows.ts'

const route = (
  name: string,
  statusClass: RouteUsage['statusClass'],
  perDay: readonly number[],
): RouteUsage => ({
  method: 'GET',
  route: name,
  statusClass,
  calls: perDay.reduce((total, calls) => total + calls, 0),
  perDay,
})

const usage: Usage = {
  days: ['2026-01-01', '2026-01-02'],
  calls: 13,
  routes: [route('/a', '2xx', [1, 2]), route('/b', '2xx', [0, 6]), route('/a', '4xx', [4, 0])],
}

it('the classes of one endpoint are one row, and the busiest row stands first', () => {
  const rows = toRouteRows(usage.routes)
  expect(rows.map(({ route: name, calls }) => [name, calls])).toEqual([
    ['/a', 7],
    ['/b', 6],
  ])
  expect(rows[0]?.byClass).toEqual({ '1xx': 0, '2xx': 3, '3xx': 0, '4xx': 4, '5xx': 0 })
})

it('each day counts the calls of all endpoints', () => {
  expect(toDayRows(usage).map(({ day, calls }) => [day, calls])).toEqual([
    ['2026-01-01', 5],
    ['2026-01-02', 8],
  ])
})

it('totals by class add up over rows', () => {
  expect(toTotals(toRouteRows(usage.routes))).toEqual({ '1xx': 0, '2xx': 9, '3xx': 0, '4xx': 4, '5xx': 0 })
})
