import { html } from '@gatehouse/kernel/endpoint'
import type { IncidentView, PageView } from './page-view.ts'
import { type PageLanguage, type PageWords, pageWords } from './page-words.ts'

/** Renders the incidents of a page as an Atom feed (RFC 4287), the one that changed last first. */
export function renderFeed(view: PageView, language: PageLanguage, pageUrl: string): string {
  const words = pageWords[language]
  const incidents = view.incidents.toSorted((one, other) => changedAtMs(other) - changedAtMs(one))
  const [latest] = incidents
  const feed = html`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
    <id>${pageUrl}</id>
    <title>${view.name}: ${words.incidents}</title>
    <updated>${toTime(latest === undefined ? view.renderedAtMs : changedAtMs(latest))}</updated>
    <author><name>${view.name}</name></author>
    <link rel="alternate" type="text/html" href="${pageUrl}" />
    <link rel="self" type="application/atom+xml" href="${pageUrl}/history.atom" />
    ${incidents.map((incident) => {
      const url = `${pageUrl}#incident-${incident.id}`
      return html`<entry>
        <id>${url}</id>
        <title>${incident.title}</title>
        <published>${toTime(incident.startedAtMs)}</published>
        <updated>${toTime(changedAtMs(incident))}</updated>
        <link rel="alternate" type="text/html" href="${url}" />
        <content type="html">${writeUpdates(incident, words)}</content>
      </entry>`
    })}
  </feed>`
  return `<?xml version="1.0" encoding="utf-8"?>\n${feed.markup}\n`
}

/** What was said of an incident, as markup: within a feed it is text, which readers unescape once. */
export function writeUpdates({ updates }: IncidentView, words: PageWords): string {
  return updates
    .map(
      ({ phase, body, atMs }) =>
        html`<p><strong>${words.phase[phase]}</strong> <time>${toTime(atMs)}</time><br />${toLines(body)}</p>`
          .markup,
    )
    .join('')
}

/** When something was last said of an incident, or happened to it. */
export function changedAtMs({ startedAtMs, resolvedAtMs, updates }: IncidentView): number {
  return Math.max(startedAtMs, resolvedAtMs ?? 0, ...updates.map(({ atMs }) => atMs))
}

function toLines(body: string) {
  return body.split('\n').map((line, index) => html`${index > 0 && html`<br />`}${line}`)
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
