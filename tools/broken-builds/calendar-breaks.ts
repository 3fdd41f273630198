import type { Break } from './break.ts'

const uptime = 'packages/server/src/services/uptime'
const dashboard = 'packages/dashboard/src/maintenance'
const series = `${uptime}/usecases/maintenance-series.db.test.ts`

/** How each promise of the calendar of maintenance could come to be broken. */
export const calendarBreaks: readonly Break[] = [
  {
    promise: 'each-time-of-maintenance-is-in-its-month',
    broken: 'what is skipped comes back',
    file: `${uptime}/usecases/list-maintenance-times.ts`,
    find: 'Math.max(plannedUntilMs + 1, fromMs - lastsMs + 1)',
    replace: 'fromMs - lastsMs + 1',
    test: series,
  },
  {
    promise: 'each-time-of-maintenance-is-in-its-month',
    broken: 'what is not planned yet is left out',
    file: `${uptime}/usecases/list-maintenance-times.ts`,
    find: '.flatMap((series) => listLater(series, from, to))',
    replace: '.flatMap((series) => listLater(series, from, from))',
    test: series,
  },
  {
    promise: 'a-month-is-laid-out-by-the-clocks-of-the-reader',
    broken: 'what ends at midnight is on the next day as well',
    file: `${dashboard}/month-grid.ts`,
    find: 'Date.parse(span.endsAt) - 1)',
    replace: 'Date.parse(span.endsAt))',
    test: `${dashboard}/month-grid.test.ts`,
  },
  {
    promise: 'a-month-of-maintenance-is-walked-by-keyboard',
    broken: 'the focus stays where the day was',
    file: `${dashboard}/month-calendar.tsx`,
    find: '    isMoved.current = true\n',
    replace: '',
    test: 'packages/server/test/monitor-page.browser.test.ts',
  },
]
