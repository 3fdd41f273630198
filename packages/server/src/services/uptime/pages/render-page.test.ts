import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { ComponentView, IncidentView, PageView } from './page-view.ts'
import { bannerIndicator } from '../domain/status-page.ts'
import { chooseLanguage, pageWords } from './page-words.ts'
import { renderBadge } from './render-badge.ts'
import { renderNotFound, renderPage } from './render-page.ts'
import { stylesheet } from './stylesheet.ts'

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
const startMs = Date.UTC(2026, 0, 31)

function page(change: Partial<PageView> = {}): PageView {
  return {
    id: 'p',
    name: 'Example',
    logo: null,
    description: null,
    place: 'example',
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
    takesMail: true,
    ...change,
  }
}

function incident(title: string): IncidentView {
  const updates = [{ id: 'u', phase: 'investigating' as const, body: title, atMs: startMs }]
  return {
    id: 'i',
    title,
    impact: 'major',
    startedAtMs: startMs,
    resolvedAtMs: null,
    componentId: null,
    updates,
  }
}

const days = Array.from({ length: 90 }, (_, index) => ({
  date: new Date(startMs - (89 - index) * 86_400_000).toISOString().slice(0, 10),
  level: index % 30 === 7 ? ('brief' as const) : ('clean' as const),
  downMs: index % 30 === 7 ? 600_000 : 0,
}))

function component(change: Partial<ComponentView>): ComponentView {
  return {
    id: 'c',
    sectionId: null,
    name: 'Shop',
    description: null,
    state: 'up',
    uptimePercent: '99.98',
    days,
    ...change,
  }
}

it('sections-are-read-in-order: what is in none comes first, and each section has a heading over its components', () => {
  const markup = renderPage(
    page({
      sections: [
        { id: 'a', name: 'Payments' },
        { id: 'b', name: 'Post' },
      ],
      components: [
        component({ name: 'Website' }),
        component({ name: 'Cards', sectionId: 'a', description: 'Visa and others' }),
        component({ name: 'Telephone', sectionId: 'b', uptimePercent: null, days: [] }),
      ],
    }),
    'en',
  )
  const said = [...markup.matchAll(/<(h[34])[^>]*>([^<]+)</g)].map(([, tag, text]) => `${tag} ${text}`)
  expect(said).toEqual(['h3 Website', 'h3 Payments', 'h4 Cards', 'h3 Post', 'h4 Telephone'])
  expect(markup).toContain('Visa and others')
  // Nobody has measured what a person says by hand.
  expect(markup.match(/class="bars"/g)).toHaveLength(2)
})

it.each(['en', 'ja'] as const)('hostile names and updates are inert on the page in %s', (language) => {
  const markup = renderPage(
    page({
      name: hostile,
      description: hostile,
      affected: hostile,
      sections: [{ id: 's', name: hostile }],
      components: [
        component({
          sectionId: 's',
          name: hostile,
          description: hostile,
          state: 'down',
          uptimePercent: '99.00',
        }),
      ],
      openIncidents: [incident(hostile)],
      maintenance: [
        {
          id: 'w',
          title: hostile,
          components: [hostile],
          componentIds: ['c'],
          startsAtMs: startMs,
          endsAtMs: null,
          later: [],
        },
      ],
    }),
    language,
  )
  expect(markup).not.toMatch(/<script|<img/)
  expect(markup).toContain('&lt;script&gt;')
})

it('a page of 50 components with bars and 5 incidents stays under 20 kB, without a script or a style of its own', () => {
  const sections = Array.from({ length: 5 }, (_, index) => ({ id: `s${index}`, name: `Section ${index}` }))
  const components = Array.from({ length: 50 }, (_, index) =>
    component({
      id: `${index}`,
      sectionId: `s${index % 5}`,
      name: `Component ${index}`,
      description: `It does ${index}`,
    }),
  )
  const openIncidents = Array.from({ length: 5 }, (_, index) => incident(`Incident ${index}`))
  const markup = renderPage(page({ sections, components, openIncidents }), 'en')
  expect(gzipSync(markup).length).toBeLessThan(20_000)
  expect(markup).not.toMatch(/<script|<style|style=/)
  expect(gzipSync(stylesheet.body).length).toBeLessThan(4_000)
})

it.each([
  ['en', 'Again'],
  ['ja', '以降の予定'],
] as const)('maintenance that recurs says when it comes again, in %s', (language, again) => {
  const window = {
    id: 'w',
    title: 'Patches',
    components: ['Shop'],
    componentIds: ['c'],
    startsAtMs: startMs,
    endsAtMs: startMs + 3_600_000,
  }
  const weekMs = 7 * 86_400_000
  const render = (starts: readonly number[]) => {
    const later = starts.map((startsAtMs) => ({ id: 'x', startsAtMs, endsAtMs: null }))
    return renderPage(page({ maintenance: [{ ...window, later }] }), language)
  }
  const recurring = render([startMs + weekMs, startMs + 2 * weekMs])
  for (const ms of [startMs, startMs + weekMs, startMs + 2 * weekMs])
    expect(recurring).toContain(`datetime="${new Date(ms).toISOString()}"`)
  expect(recurring).toContain(again)
  expect(render([])).not.toContain(again)
})

it('what nobody looked at is never shown as operational', () => {
  const components = [component({ name: 'New', state: 'unknown', uptimePercent: null })]
  const markup = renderPage(page({ indicator: 'unknown', components }), 'en')
  expect(markup).toContain('No data')
  expect(markup).not.toContain('Operational')
})

it.each(['en', 'ja'] as const)(
  'a-page-without-components-claims-nothing: neither page nor badge says that all is well in %s',
  (language) => {
    const indicator = bannerIndicator([], [])
    const markup = renderPage(page({ indicator, components: [] }), language)
    expect(markup).not.toContain(pageWords[language].indicator.none)
    expect(markup).toContain(pageWords[language].indicator.nothing)
    expect(markup).toContain(pageWords[language].noComponents)
    expect(renderBadge('x', indicator)).toContain('nothing shown</title>')
  },
)

it.each([
  ['en', 'since <time', '</time></small>'],
  ['ja', '<small><time', '</time>から</small>'],
] as const)('the-banner-says-since-when: while something is wrong, in %s', (language, before, after) => {
  const wrong = renderPage(page({ indicator: 'major', sinceMs: startMs }), language)
  const banner = /<h1[^]*<\/h1>/.exec(wrong)?.[0]
  expect(banner).toContain(before)
  expect(banner).toContain(`datetime="${new Date(startMs).toISOString()}"`)
  expect(banner).toContain(after)
  expect(/<h1[^]*<\/h1>/.exec(renderPage(page(), language))?.[0]).not.toContain('<time')
})

it('a page that may not be seen says nothing of the one that is there', () => {
  expect(renderNotFound('en')).not.toContain('Example')
})

it('the badge is valid XML, whatever its label holds', () => {
  const badge = renderBadge('a\ufffe\u0007\ud800', 'none')
  expect(badge).toContain('a\ufffd\ufffd\ufffd: operational')
})

it('the badge says the short word, and carries it as its title', () => {
  const badge = renderBadge(hostile, 'critical')
  expect(badge).toContain('major outage</title>')
  expect(badge).not.toContain('<script')
})

it.each([
  ['what is asked for', 'ja', 'en', 'en', 'ja'],
  ['then the setting of the page', undefined, 'ja', 'en', 'ja'],
  ['then what the browser prefers', undefined, 'auto', 'fr, ja;q=0.9, en;q=0.5', 'ja'],
  ['English when it prefers nothing that we speak', undefined, 'auto', 'fr', 'en'],
] as const)('the language is %s', (_rule, asked, setting, accept, language) => {
  expect(chooseLanguage(asked, setting, accept)).toBe(language)
})

it.each([
  ['en', 'since 30 January 2026', '100% since 30 January 2026'],
  ['ja', '2026年1月30日から', '2026年1月30日から 100%'],
] as const)(
  'less-than-90-days-is-said: bars that begin late are not called 90 days in %s',
  (language, begin, share) => {
    const fresh = days.map((day, index) =>
      index < 88 ? { ...day, level: 'empty' as const, downMs: 0 } : day,
    )
    const whole = component({ name: 'Old', uptimePercent: '100' })
    const markup = renderPage(page({ components: [{ ...whole, name: 'New', days: fresh }] }), language)
    expect(markup).toContain(begin)
    expect(markup).toContain(share)
    expect(markup).not.toMatch(/90 days|90日/)
    expect(renderPage(page({ components: [whole] }), language)).toMatch(/90 days|90日/)
  },
)
