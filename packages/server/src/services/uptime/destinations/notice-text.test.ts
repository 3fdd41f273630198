import { expect, it } from 'vitest'
import { writeNotice } from './notice-text.ts'

const body = {
  event: 'incident.created',
  monitorName: 'Shop',
  monitorId: null,
  teamId: 'x',
  incidentId: 'x',
  timestamp: '2026-01-31T14:00:00.000Z',
}

it.each([
  ['incident.created', 'en', '[Incident] Payments are slow', '[Down] Shop'],
  ['incident.resolved', 'en', '[Resolved] Payments are slow', '[Up] Shop'],
  ['incident.updated', 'en', '[Notice] Payments are slow', '[Notice] Shop'],
  ['incident.created', 'ja', '[障害] Payments are slow', '[ダウン] Shop'],
] as const)(
  'a-written-incident-claims-no-outage: %s in %s says %s, a monitor %s',
  (event, language, written, found) => {
    const title = 'Payments are slow'
    const reader = { language, writeMoment: (at: string) => at }
    expect(writeNotice({ ...body, event, title }, undefined, reader).subject).toBe(written)
    expect(writeNotice({ ...body, event }, undefined, reader).subject).toBe(found)
  },
)
