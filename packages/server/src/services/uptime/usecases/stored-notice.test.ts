import { expect, it } from 'vitest'
import type { NoticeText } from '../destinations/notice-text.ts'
import type { StoredNotice } from '../domain/notice-body.ts'
import { parseNotice, toNotice } from './stored-notice.ts'

const body = {
  event: 'incident.resolved',
  monitorName: 'Shop',
  monitorId: 'm',
  teamId: 'x',
  incidentId: 'x',
  timestamp: '2026-01-31T14:05:00.000Z',
  resolvedAt: '2026-01-31T14:05:00.000Z',
  durationSeconds: 300,
}

/** As it is written after it was in the outbox. */
function write(stored: StoredNotice, language: 'en' | 'ja'): NoticeText {
  const about = { target: null, publicUrl: 'https://gate.example.com' }
  return toNotice({ id: 'n', firstId: null }, parseNotice(JSON.stringify(stored)), language, about).text
}

it.each([
  ['en', '[Ended] Shop', 'The incident of Shop ended after 5 min; it was not seen to come back'],
  ['ja', '[終了] Shop', 'Shop のインシデントは5分で終了しました。復旧は確認されていません'],
] as const)(
  'a-paused-monitor-is-not-back: its last notice heads no recovery, in %s',
  (language, subject, headline) => {
    for (const code of ['monitor_paused', 'target_changed', 'monitor_deleted']) {
      const told = write({ body, failure: { code, values: {} } }, language)
      expect(told).toMatchObject({ subject, headline, tone: 'unknown' })
      expect(told.facts.map(([name]) => name)).not.toContain('復旧')
    }
    const cause = { code: 'connect_refused', values: { ip: '192.0.2.1', port: 443 } }
    expect(write({ body, failure: cause }, language)).toMatchObject({ tone: 'ok' })
    const written = { ...body, title: 'Payments are slow' }
    expect(write({ body: written, failure: null }, language)).toMatchObject({ tone: 'ok' })
  },
)

it.each([
  ['en', 'Maintenance of Shop, Mail and 3 more has ended'],
  ['ja', 'Shop、Mail ほか3件 のメンテナンスが終了しました'],
] as const)(
  'several-monitors-are-named-in-words: with the number of the others, in %s',
  (language, headline) => {
    const ended = { ...body, event: 'maintenance.ended', monitorName: 'Shop, Mail and 3 more' }
    const monitors = { shown: ['Shop', 'Mail'], rest: 3 }
    expect(write({ body: ended, monitors, failure: null }, language)).toMatchObject({ headline })
    // One that an older version stored is written with the name that it has.
    const older = write({ body: ended, failure: null }, language)
    expect(older.headline).toContain('Shop, Mail and 3 more')
  },
)
