import { expect, it } from 'vitest'
import { defaultEvents } from '../contract/channels.ts'
import { type NoticeReader, writeNotice } from './notice-text.ts'

const about = { cause: undefined, target: null, publicUrl: 'https://gate.example.com' }
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
    expect(writeNotice({ ...body, event, title }, about, reader).subject).toBe(written)
    expect(writeNotice({ ...body, event }, about, reader).subject).toBe(found)
  },
)

it.each([
  ['en', '[Down] Shop', 'Shop is still down after 1 h 5 min, and nobody has taken it'],
  ['ja', '[ダウン] Shop', 'Shop は1時間5分たってもダウンしたままで、まだ誰も対応していません'],
] as const)('a reminder says how long it has lasted, in %s', (language, subject, headline) => {
  const reader: NoticeReader = { language, writeMoment: (at) => at }
  const reminder = { ...body, event: 'incident.reminder', startedAt: '2026-01-31T12:55:00.000Z' }
  expect(writeNotice(reminder, about, reader)).toMatchObject({ subject, headline, tone: 'down' })
})

it.each(defaultEvents.filter((event) => !event.startsWith('webchange') && !event.startsWith('alert')))(
  'a-notice-tells-what-to-get-up-for: %s is told in words, with its page in the dashboard',
  (event) => {
    for (const language of ['en', 'ja'] as const) {
      const notice = { ...body, event, monitorId: 'm', state: 'up', maintenanceUntil: null }
      const told = writeNotice(notice, about, { language, writeMoment: (at) => at })
      expect(JSON.stringify(told)).not.toContain(event)
      expect(told.link?.url).toMatch(/^https:\/\/gate\.example\.com\/app\/uptime\/(monitors\/m|maintenance)$/)
    }
  },
)
