import { describe, expect, it } from 'vitest'
import type { IncidentView, PageView } from './page-view.ts'
import { renderCalendar } from './render-calendar.ts'
import { renderFeed } from './render-feed.ts'

const startMs = Date.UTC(2026, 0, 31, 10)
const hourMs = 3_600_000
const pageUrl = 'https://gate.example.com/status/acme'
const window = { id: 'w1', title: 'New disks', components: ['Shop'], startsAtMs: startMs, endsAtMs: startMs + hourMs, later: [] }

function page(change: Partial<PageView>): PageView {
  return {
    name: 'Acme',
    logo: null,
    description: null,
    slug: 'acme',
    timeZone: 'UTC',
    renderedAtMs: startMs,
    indicator: 'none',
    sinceMs: null,
    affected: null,
    sections: [],
    components: [],
    openIncidents: [],
    recentDays: [],
    maintenance: [],
    ...change,
  }
}

describe('maintenance-is-in-the-calendar', () => {
  it('each time of it is an event of its own, under the id of its window, in UTC', () => {
    const later = [{ id: 'w2', startsAtMs: startMs + 24 * hourMs, endsAtMs: startMs + 25 * hourMs }]
    const lines = renderCalendar(page({ maintenance: [{ ...window, later }] }), 'en', pageUrl).split('\r\n')
    expect(lines.filter((line) => /^(?:BEGIN|END|UID|DTSTART|DTEND|SUMMARY|DESCRIPTION)/.test(line))).toEqual([
      'BEGIN:VCALENDAR',
      'BEGIN:VEVENT',
      'UID:w1@gate.example.com',
      'DTSTART:20260131T100000Z',
      'DTEND:20260131T110000Z',
      'SUMMARY:Acme: New disks',
      'DESCRIPTION:Affects: Shop',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:w2@gate.example.com',
      'DTSTART:20260201T100000Z',
      'DTEND:20260201T110000Z',
      'SUMMARY:Acme: New disks',
      'DESCRIPTION:Affects: Shop',
      'END:VEVENT',
      'END:VCALENDAR',
    ])
  })

  it('without a fixed end it says so, in the language that was asked for', () => {
    const calendar = renderCalendar(page({ maintenance: [{ ...window, endsAtMs: null }] }), 'ja', pageUrl)
    expect(calendar).not.toContain('DTEND')
    expect(calendar).toContain('DESCRIPTION:対象: Shop\\n終了時刻未定')
  })

  it('a title can end neither its line nor the calendar, and long lines are folded between characters', () => {
    const title = `a;b,c\\d\r\nEND:VCALENDAR\u0007${'長い題名'.repeat(30)}\ud800`
    const calendar = renderCalendar(page({ maintenance: [{ ...window, title }] }), 'en', pageUrl)
    const lines = calendar.split('\r\n')
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(calendar.replaceAll('\r\n ', '')).toContain(
      `SUMMARY:Acme: a\\;b\\,c\\\\d\\nEND:VCALENDAR${'長い題名'.repeat(30)}\ufffd\r\n`,
    )
    expect(lines.filter((line) => line === 'END:VCALENDAR')).toHaveLength(1)
  })
})

describe('incidents-are-in-the-feed', () => {
  const incident = (id: string, title: string, atMs: number): IncidentView => ({
    id,
    title,
    impact: 'major',
    startedAtMs: startMs,
    resolvedAtMs: null,
    updates: [{ phase: 'identified', body: `Cause of ${title}\nfound`, atMs }],
  })

  it('each once, the one that changed last first, with what was said of it and the way to it', () => {
    const day = { date: '2026-01-31', stillOpen: ['Open'], continued: [] }
    const feed = renderFeed(
      page({
        openIncidents: [incident('i1', 'Open', startMs + hourMs)],
        recentDays: [{ ...day, incidents: [incident('i2', 'Over', startMs + 2 * hourMs)] }],
      }),
      'en',
      pageUrl,
    )
    const found = (pattern: RegExp) => [...feed.matchAll(pattern)].map(([, text]) => text)
    expect(found(/<title>([^<]*)/g)).toEqual(['Acme: Incidents', 'Over', 'Open'])
    expect(found(/<id>([^<]*)/g)).toEqual([pageUrl, `${pageUrl}#incident-i2`, `${pageUrl}#incident-i1`])
    expect(found(/<updated>([^<]*)/g)).toEqual([
      '2026-01-31T12:00:00.000Z',
      '2026-01-31T12:00:00.000Z',
      '2026-01-31T11:00:00.000Z',
    ])
    expect(feed).toContain('&lt;strong&gt;Identified&lt;/strong&gt;')
    expect(feed).toContain('Cause of Over&lt;br /&gt;found')
  })

  it('what somebody wrote is text in it, and text in the markup that it holds', () => {
    const feed = renderFeed(page({ openIncidents: [incident('i', '<b>x</b>\u0007', startMs)] }), 'ja', pageUrl)
    expect(feed).toContain('<title>&lt;b&gt;x&lt;/b&gt;\ufffd</title>')
    expect(feed).toContain('Cause of &amp;lt;b&amp;gt;x')
    expect(feed).toContain('xml:lang="ja"')
  })
})
