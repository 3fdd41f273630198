import type { PageView } from './page-view.ts'
import type { PageLanguage } from './page-words.ts'
import { renderCalendar } from './render-calendar.ts'
import { renderFeed } from './render-feed.ts'
import { renderSubscribe } from './render-subscribe.ts'
import { renderRss } from './render-rss.ts'
import { renderStatuspage, type StatuspageFile } from './render-statuspage.ts'

/** What is read of a page besides the page, by its path below it. */
export type AttachedName = 'history.atom' | 'history.rss' | 'calendar.ics' | 'subscribe' | StatuspageFile

export function renderAttached(
  name: AttachedName,
  view: PageView,
  language: PageLanguage,
  pageUrl: string,
): string {
  if (name === 'history.atom') return renderFeed(view, language, pageUrl)
  if (name === 'history.rss') return renderRss(view, language, pageUrl)
  if (name === 'subscribe') return renderSubscribe(view, language)
  if (name === 'calendar.ics') return renderCalendar(view, language, pageUrl)
  return renderStatuspage(name, view, pageUrl)
}
