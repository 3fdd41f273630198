import { describe, expect, it } from 'vitest'
import type { ComponentState, ComponentView, IncidentView, PageView } from './page-view.ts'
import { renderCalendar } from './render-calendar.ts'
import { renderFeed } from './render-feed.ts'
import { renderRss } from './render-rss.ts'
import { renderStatuspage, type StatuspageFile } from './render-statuspage.ts'

const startMs = Date.UTC(2026, 0, 31, 10)
const hourMs = 3_600_000
const pageUrl = 'https://gate.example.com/status/acme'
const window = {
  id: 'w1',
  title: 'New disks',
  components: ['Shop'],
  componentIds: ['c'],
  startsAtMs: startMs,
  endsAtMs: startMs + hourMs,
  later: [],
}

function page(change: Partial<PageView>): PageView {
  return {
    id: 'p',
    name: 'Acme',
    logo: null,
    description: null,
    place: 'acme',
    timeZone: 'UTC',
    renderedAtMs: startMs,
    indicator: 'none',
    sinceMs: null,
    affected: null,
    sections: [],
    components: [],
    openIncidents: [],
    recentDays: [],
    incidents: [],
    maintenance: [],
    takesMail: false,
    ...change,
  }
}

describe('maintenance-is-in-the-calendar', () => {
  it('each time of it is an event of its own, under the id of its window, in UTC', () => {
    const later = [{ id: 'w2', startsAtMs: startMs + 24 * hourMs, endsAtMs: startMs + 25 * hourMs }]
    const lines = renderCalendar(page({ maintenance: [{ ...window, later }] }), 'en', pageUrl).split('\r\n')
    expect(lines.filter((line) => /^(?:BEGIN|END|UID|DTSTART|DTEND|SUMMARY|DESCRIPTION)/.test(line))).toEqual(
      [
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
      ],
    )
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

const incident = (id: string, title: string, atMs: number): IncidentView => ({
  id,
  title,
  impact: 'major',
  startedAtMs: startMs,
  resolvedAtMs: null,
  componentId: 'c',
  updates: [{ id: `${id}-u`, phase: 'identified', body: `Cause of ${title}\nfound`, atMs }],
})

describe('incidents-are-in-the-feed', () => {
  it('each once, the one that changed last first, with what was said of it and the way to it', () => {
    const incidents = [incident('i1', 'Open', startMs + hourMs), incident('i2', 'Over', startMs + 2 * hourMs)]
    const feed = renderFeed(page({ incidents }), 'en', pageUrl)
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
    const feed = renderFeed(page({ incidents: [incident('i', '<b>x</b>\u0007', startMs)] }), 'ja', pageUrl)
    expect(feed).toContain('<title>&lt;b&gt;x&lt;/b&gt;\ufffd</title>')
    expect(feed).toContain('Cause of &amp;lt;b&amp;gt;x')
    expect(feed).toContain('xml:lang="ja"')
  })

  it('readers of RSS get the same: each once, with what was said of it, the way to it, and when it began', () => {
    const incidents = [incident('i1', 'Open', startMs + hourMs), incident('i2', '<b>x</b>', startMs)]
    const feed = renderRss(page({ incidents }), 'en', pageUrl)
    const found = (pattern: RegExp) => [...feed.matchAll(pattern)].map(([, text]) => text)
    expect(found(/<title>([^<]*)/g)).toEqual(['Acme: Incidents', 'Open', '&lt;b&gt;x&lt;/b&gt;'])
    expect(found(/<guid>([^<]*)/g)).toEqual([`${pageUrl}#incident-i1`, `${pageUrl}#incident-i2`])
    expect(found(/<pubDate>([^<]*)/g)).toEqual(Array(2).fill('Sat, 31 Jan 2026 10:00:00 GMT'))
    expect(found(/<lastBuildDate>([^<]*)/g)).toEqual(['Sat, 31 Jan 2026 11:00:00 GMT'])
    expect(feed).toContain('Cause of &amp;lt;b&amp;gt;x&amp;lt;/b&amp;gt;&lt;br /&gt;found')
  })
})

describe('statuspage-clients-read-the-page', () => {
  const component = (id: string, state: ComponentState, sectionId: string | null): ComponentView => ({
    id,
    sectionId,
    name: id.toUpperCase(),
    description: null,
    state,
    uptimePercent: null,
    days: [],
  })
  const read = (file: StatuspageFile, change: Partial<PageView>) =>
    JSON.parse(renderStatuspage(file, page(change), pageUrl)) as Record<string, Record<string, unknown>[]>

  it('sections are groups in the state of their worst part, and what nobody looks at is left out', () => {
    const { components } = read('components.json', {
      sections: [
        { id: 's', name: 'Payments' },
        { id: 't', name: 'New' },
      ],
      components: [
        component('c', 'up', null),
        component('d', 'degraded', 's'),
        component('e', 'down', 's'),
        component('f', 'unknown', 't'),
        component('g', 'paused', null),
      ],
    })
    expect(components?.map(({ id, status, group, group_id: of }) => [id, status, group, of])).toEqual([
      ['c', 'operational', false, null],
      ['d', 'degraded_performance', false, 's'],
      ['e', 'major_outage', false, 's'],
      ['s', 'major_outage', true, null],
    ])
    expect(components?.at(-1)).toMatchObject({ name: 'Payments', components: ['d', 'e'], position: 4 })
  })

  it.each([
    ['none', 'none', 'All Systems Operational'],
    ['degraded', 'minor', 'Partially Degraded Service'],
    ['critical', 'critical', 'Major System Outage'],
    ['maintenance', 'maintenance', 'Service Under Maintenance'],
    ['unknown', 'none', 'No data yet'],
  ] as const)('what is %s reads %s: %s', (indicator, word, description) => {
    expect(read('status.json', { indicator })).toEqual({
      page: { id: 'p', name: 'Acme', url: pageUrl, time_zone: 'UTC', updated_at: '2026-01-31T10:00:00.000Z' },
      status: { indicator: word, description },
    })
  })

  it('incidents and maintenance stand in the lists of their state, with the components that they affect', () => {
    const over = { ...incident('i2', 'Over', startMs), resolvedAtMs: startMs + hourMs }
    const later = [{ id: 'w2', startsAtMs: startMs + 24 * hourMs, endsAtMs: null }]
    const change = {
      components: [component('c', 'down', null)],
      openIncidents: [incident('i1', 'Open', startMs)],
      incidents: [incident('i1', 'Open', startMs), over],
      maintenance: [{ ...window, later }],
    }
    const idsIn = (file: StatuspageFile, list: string) => read(file, change)[list]?.map(({ id }) => id)
    expect(idsIn('incidents.json', 'incidents')).toEqual(['i1', 'i2'])
    expect(read('incidents.json', change)['incidents']?.map(({ status }) => status)).toEqual([
      'identified',
      'resolved',
    ])
    expect(idsIn('incidents/unresolved.json', 'incidents')).toEqual(['i1'])
    expect(idsIn('scheduled-maintenances.json', 'scheduled_maintenances')).toEqual(['w1', 'w2'])
    expect(idsIn('scheduled-maintenances/active.json', 'scheduled_maintenances')).toEqual(['w1'])
    expect(idsIn('scheduled-maintenances/upcoming.json', 'scheduled_maintenances')).toEqual(['w2'])
    const summary = read('summary.json', change)
    expect(Object.keys(summary)).toEqual([
      'page',
      'components',
      'incidents',
      'scheduled_maintenances',
      'status',
    ])
    expect(summary['incidents']).toMatchObject([
      {
        id: 'i1',
        status: 'identified',
        impact: 'major',
        resolved_at: null,
        shortlink: `${pageUrl}#incident-i1`,
        incident_updates: [{ id: 'i1-u', incident_id: 'i1', status: 'identified' }],
        components: [{ id: 'c', status: 'major_outage' }],
      },
    ])
  })
})
