import type { Break } from './break.ts'

/** How each promise of what a person chose for themselves could come to be broken. */
export const accountBreaks: readonly Break[] = [
  {
    promise: 'preferences-are-kept-in-the-account',
    broken: 'what a change does not name is taken back',
    file: 'packages/server/src/platform/usecases/set-preferences.ts',
    find: 'const preferences = { ...before, ...changed }',
    replace: "const preferences = { language: null, timeZone: null, theme: 'system' as const, ...changed }",
    test: 'packages/server/src/platform/usecases/preferences.db.test.ts',
  },
  {
    promise: 'every-time-is-shown-in-the-chosen-zone',
    broken: 'what was made for one zone is used for the next',
    file: 'packages/dashboard/src/zone.ts',
    find: 'if (made?.zone !== zone)',
    replace: 'if (made === undefined)',
    test: 'packages/dashboard/src/zone.test.ts',
  },
  {
    promise: 'times-are-entered-in-the-chosen-zone',
    broken: 'the clocks of a moment after it are taken first',
    file: 'packages/dashboard/src/local-time.ts',
    find: '[-dayMs, dayMs].map(',
    replace: '[dayMs, -dayMs].map(',
    test: 'packages/dashboard/src/local-time.test.ts',
  },
  {
    promise: 'times-in-mails-are-those-of-the-reader',
    broken: 'every mail is written by the clock of UTC',
    file: 'packages/server/src/mail/write-moment.ts',
    find: "timeZone: timeZone ?? 'UTC',",
    replace: "timeZone: 'UTC',",
    test: 'packages/server/src/mail/write-moment.test.ts',
  },
  {
    promise: 'usage-is-of-programs',
    broken: 'what sessions ask for is added up with the rest',
    file: 'packages/server/src/platform/store/usage-store.ts',
    find: 'WHERE call.user_id IS NULL AND call.at',
    replace: 'WHERE call.at',
    test: 'packages/server/src/platform/usecases/usage.db.test.ts',
  },
]
