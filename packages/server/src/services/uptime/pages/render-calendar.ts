import type { MaintenanceView, PageView } from './page-view.ts'
import { type PageLanguage, type PageWords, pageWords } from './page-words.ts'

/** RFC 5545 §3.1: lines are no longer than 75 octets; a longer one goes on after a line break and a space. */
const octetsMax = 75

/** Renders the maintenance that a page announces as an iCalendar object (RFC 5545), for calendars to subscribe to. */
export function renderCalendar(view: PageView, language: PageLanguage, pageUrl: string): string {
  const words = pageWords[language]
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Gatehouse//Status page//EN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escape(`${view.name}: ${words.maintenance}`)}`,
    ...view.maintenance.flatMap((window) => toEvents(window, view, words, pageUrl)),
    'END:VCALENDAR',
  ]
    .map((line) => `${fold(line)}\r\n`)
    .join('')
}

function toEvents(
  { title, components, later, ...first }: MaintenanceView,
  { name, renderedAtMs }: PageView,
  words: PageWords,
  pageUrl: string,
): readonly string[] {
  const host = new URL(pageUrl).hostname
  const affected = components.length === 0 ? [] : [`${words.affects}: ${components.join(', ')}`]
  return [first, ...later].flatMap(({ id, startsAtMs, endsAtMs }) => [
    'BEGIN:VEVENT',
    `UID:${id}@${host}`,
    `DTSTAMP:${toUtc(renderedAtMs)}`,
    `DTSTART:${toUtc(startsAtMs)}`,
    // Without a fixed end, the event has none either.
    ...(endsAtMs === null ? [] : [`DTEND:${toUtc(endsAtMs)}`]),
    `SUMMARY:${escape(`${name}: ${title}`)}`,
    `DESCRIPTION:${escape([...affected, ...(endsAtMs === null ? [words.untilNotice] : [])].join('\n'))}`,
    `URL:${pageUrl}`,
    // Nobody who reads it is busy for as long.
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ])
}

function toUtc(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '')
}

/** Escapes what has a meaning in a text value, and drops the control characters that none may hold. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll(/\p{Cc}/gu, '')
}

function fold(line: string): string {
  let folded = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > octetsMax) {
      folded += '\r\n '
      octets = 1
    }
    folded += character
    octets += size
  }
  return folded
}
