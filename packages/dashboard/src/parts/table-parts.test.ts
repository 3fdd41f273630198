import { expect, it } from 'vitest'
import { toCsv, toJson } from './table-export.ts'
import { toRange } from './table-selection.ts'
import { readTableState, toParameters } from './table-state.ts'
import { toTableWindow } from './table-window.ts'

it('a table of 10,000 rows draws those that are seen, and leaves room for all others', () => {
  for (const scrolled of [0, 123, 180_000, 359_400, 999_999]) {
    const { from, to, abovePixels, belowPixels } = toTableWindow(10_000, 36, scrolled, 600)
    expect(to - from).toBeLessThan(40)
    expect(abovePixels + (to - from) * 36 + belowPixels).toBe(360_000)
    expect(abovePixels).toBeLessThanOrEqual(Math.min(scrolled, 360_000 - 36))
  }
  expect(toTableWindow(0, 36, 0, 600)).toEqual({ from: 0, to: 0, abovePixels: 0, belowPixels: 0 })
})

it('what a table shows goes into the address and comes back from it', () => {
  const first = { sort: 'name' }
  const state = { search: 'shop & co', sort: 'uptime', isDescending: true, filters: { status: 'down' } }
  const query = Object.fromEntries(toParameters(state, first))
  expect(query).toEqual({ q: 'shop & co', sort: '-uptime', status: 'down' })
  expect(readTableState(query, ['status', 'type'], first)).toEqual(state)
})

it('what a table begins with leaves no trace in the address', () => {
  const first = { sort: 'name', isDescending: true }
  expect(toParameters(readTableState({}, ['status'], first), first)).toEqual([])
})

it('a cell that a spreadsheet would carry out is text, and quotes and lines stay whole', () => {
  const columns = [
    { id: 'name', title: 'Name', value: (row: { name: string; ms: number | null }) => row.name },
    { id: 'ms', title: 'Took, ms', value: (row: { name: string; ms: number | null }) => row.ms },
  ]
  const rows = [
    { name: '=HYPERLINK("x")', ms: 12.5 },
    { name: 'two\nlines, "quoted"', ms: null },
    { name: 'minus', ms: -3 },
  ]
  expect(toCsv(columns, rows)).toBe(
    '\uFEFFName,"Took, ms"\r\n"\'=HYPERLINK(""x"")",12.5\r\n"two\nlines, ""quoted""",\r\nminus,-3\r\n',
  )
  expect(JSON.parse(toJson(columns, rows))).toContainEqual({ name: 'two\nlines, "quoted"', ms: null })
})

it('shift selects from the row that was pressed last to this one, in either direction', () => {
  const ids = ['a', 'b', 'c', 'd']
  expect(toRange(ids, 'b', 'd')).toEqual(['b', 'c', 'd'])
  expect(toRange(ids, 'd', 'b')).toEqual(['b', 'c', 'd'])
  expect(toRange(ids, 'gone', 'c')).toEqual(['c'])
})
