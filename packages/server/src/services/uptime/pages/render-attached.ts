import type { PageView } from './page-view.ts'
import type { PageLanguage } from './page-words.ts'
import { renderCalendar } from './render-calendar.ts'
import { renderFeed } from './render-feed.ts'
import { renderRss } from './render-rss.ts'
import { renderStatuspage, type StatuspageFile } from './render-statuspage.ts'

/** What programs read of a page, by its path below the page. */
export type AttachedName = 'history.atom' | 'history.rss' | 'calendar.ics' | StatuspageFile

export function renderAttached(
  name: AttachedName,
  view: PageView,
  language: PageLanguage,
  pageUrl: string,
): string {
  if (name === 'history.atom') return renderFeed(view, language, pageUrl)
  if (name === 'history.rss') return renderRss(view, language, pageUrl)
  if (name === 'calendar.ics') return renderCalendar(view, language, pageUrl)
  return renderStatuspage(name, view, pageUrl)
}
