import type { Incident } from '@gatehouse/sdk'
import { expect, it } from 'vitest'
import { toFrom, toShownIncidents } from './incident-filters.ts'

const incident = (id: string, status: Incident['status'], monitorName: string) =>
  // Safe: what is shown in a list depends on these members alone.
  ({ id, status, monitorName, title: null, cause: null, causeReason: null }) as Incident

const listed = [
  incident('1', 'resolved', 'Shop'),
  incident('2', 'acknowledged', 'Till'),
  incident('3', 'resolved', 'Till'),
  incident('4', 'ongoing', 'Shop'),
]

it.each([
  ['all', '', ['2', '4', '1', '3']],
  ['open', '', ['2', '4']],
  ['resolved', 'till', ['3']],
  ['all', 'nothing', []],
] as const)('of state %s and with the words “%s” these are shown, open ones first', (state, search, ids) => {
  expect(toShownIncidents(listed, state, search).map(({ id }) => id)).toEqual(ids)
})

it('any time asks for no bound, and a day for that of the minute', () => {
  expect(toFrom('all', 0)).toEqual({})
  expect(toFrom('day', Date.parse('2026-01-02T10:00:59Z'))).toEqual({ from: '2026-01-01T10:00:00.000Z' })
})
