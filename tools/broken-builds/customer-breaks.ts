import type { Break } from './break.ts'

const test = 'packages/server/test/pages-and-incidents.browser.test.ts'

/** How what customers are told could come to be something else than what was meant. */
export const customerBreaks: readonly Break[] = [
  {
    promise: 'nothing-becomes-public-unlisted',
    broken: 'a page that was just made can be read by everybody',
    file: 'packages/dashboard/src/status-pages/new-page.tsx',
    find: 'isPublic: false',
    replace: 'isPublic: true',
    test,
  },
  {
    promise: 'the-preview-is-the-page',
    broken: 'the preview is made of what is stored',
    file: 'packages/server/src/services/uptime/pages/preview-page.ts',
    find: '...withoutGaps(settings), ',
    replace: '',
    test,
  },
  {
    promise: 'an-incident-says-who-has-it-and-what-was-said',
    broken: 'a correction stands beside what it corrects',
    file: 'packages/dashboard/src/incidents/post-update.tsx',
    find: '...(corrected === undefined ? {} : { supersedes: corrected.id })',
    replace: '',
    test,
  },
  {
    promise: 'an-incident-can-be-opened-by-hand',
    broken: 'what is open is not found among what is open',
    file: 'packages/dashboard/src/incidents/incident-filters.ts',
    find: "return state === 'open' ? status !== 'resolved' : status === state",
    replace: 'return status === state',
    test,
  },
  {
    promise: 'a-written-incident-claims-no-outage',
    broken: 'what a person wrote says that something is down',
    file: 'packages/server/src/services/uptime/destinations/notice-text.ts',
    find: 'return isWritten ? own.incident : own.down',
    replace: 'return own.down',
    test: 'packages/server/src/services/uptime/destinations/notice-text.test.ts',
  },
  {
    promise: 'maintenance-is-planned-where-it-is-seen',
    broken: 'what is planned is told to cover nothing',
    file: 'packages/dashboard/src/maintenance/window-list.tsx',
    find: 'window.monitorIds.includes(id)',
    replace: 'window.monitorIds.length > 99 && id !== undefined',
    test,
  },
  {
    promise: 'planned-maintenance-begins-by-itself',
    broken: 'what is planned begins when its job comes, however early',
    file: 'packages/server/src/services/uptime/usecases/maintenance-windows.ts',
    find: '    if (window.startsAtMs > deps.clock.now() + clockToleranceMs) return\n',
    replace: '',
    test: 'packages/server/src/services/uptime/usecases/maintenance-windows.db.test.ts',
  },
  {
    promise: 'maintenance-recurs-like-any-other',
    broken: 'each time of recurring maintenance lasts twice as long as was asked for',
    file: 'packages/server/src/services/uptime/usecases/maintenance-series.ts',
    find: 'endsAtMs: startsAtMs + lasts }',
    replace: 'endsAtMs: startsAtMs + 2 * lasts }',
    test: 'packages/server/src/services/uptime/usecases/maintenance-series.db.test.ts',
  },
  {
    promise: 'recurring-maintenance-keeps-its-hour',
    broken: 'a start in an hour that clocks skip is put off by as much as they skip',
    file: 'packages/server/src/services/uptime/domain/occurrences.ts',
    find: '  return after\n',
    replace: '  return candidates.at(-1) ?? after\n',
    test: 'packages/server/src/services/uptime/domain/occurrences.test.ts',
  },
  {
    promise: 'less-than-90-days-is-said',
    broken: 'every row of bars is called 90 days',
    file: 'packages/server/src/services/uptime/pages/render-page.ts',
    find: 'const since = first > 0 ?',
    replace: 'const since = first > 99 ?',
    test: 'packages/server/src/services/uptime/pages/render-page.test.ts',
  },
]
