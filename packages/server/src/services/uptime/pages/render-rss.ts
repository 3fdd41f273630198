import { html } from '@gatehouse/kernel/endpoint'
import type { PageView } from './page-view.ts'
import { type PageLanguage, pageWords } from './page-words.ts'
import { changedAtMs, writeUpdates } from './render-feed.ts'

/** Renders the incidents of a page as an RSS 2.0 feed, the one that changed last first. */
export function renderRss(view: PageView, language: PageLanguage, pageUrl: string): string {
  const words = pageWords[language]
  const incidents = view.incidents.toSorted((one, other) => changedAtMs(other) - changedAtMs(one))
  const [latest] = incidents
  const title = `${view.name}: ${words.incidents}`
  const items = incidents.map((incident) => {
    const url = `${pageUrl}#incident-${incident.id}`
    return [
      '<item>',
      write('title', incident.title),
      write('link', url),
      write('guid', url),
      write('pubDate', toDate(incident.startedAtMs)),
      write('description', writeUpdates(incident, words)),
      '</item>',
    ].join('\n')
  })
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">',
    '<channel>',
    write('title', title),
    write('link', pageUrl),
    write('description', view.description ?? title),
    write('language', language),
    write('lastBuildDate', toDate(latest === undefined ? view.renderedAtMs : changedAtMs(latest))),
    html`<atom:link rel="self" type="application/rss+xml" href="${pageUrl}/history.rss" />`.markup,
    ...items,
    '</channel>',
    '</rss>\n',
  ].join('\n')
}

/** One element, without the attributes and closing rules that HTML has for the same names. */
function write(name: string, text: string): string {
  return `<${name}>${html`${text}`.markup}</${name}>`
}

/** RSS 2.0 takes dates in the form of RFC 822. */
function toDate(ms: number): string {
  return new Date(ms).toUTCString()
}
