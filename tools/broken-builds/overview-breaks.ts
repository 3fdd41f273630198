import type { Break } from './break.ts'

const test = 'packages/server/test/overview.browser.test.ts'

/** How each promise of the screens that are of no service alone could come to be broken. */
export const overviewBreaks: readonly Break[] = [
  {
    promise: 'posture-is-read-where-one-is-signed-in',
    broken: 'what holds stands before what fails',
    file: 'packages/dashboard/src/pages/posture-page.tsx',
    find: "(group === 'fails' || group === 'unknown') === (first === 'failing')",
    replace: "(group === 'fails' || group === 'unknown') === (first !== 'failing')",
    test,
  },
  {
    promise: 'clocks-of-the-operator-run-in-sight',
    broken: 'a clock that has run out is shown as if there were time left',
    file: 'packages/dashboard/src/posture/open-clocks.tsx',
    find: 'return leftMs < 0 ? (',
    replace: 'return leftMs > 0 ? (',
    test,
  },
  {
    promise: 'a-security-notice-stays-until-it-is-read',
    broken: 'a notice that was read stays over every page',
    file: 'packages/dashboard/src/frame/security-notices.tsx',
    find: 'data.filter(({ acknowledged }) => !acknowledged)',
    replace: 'data',
    test,
  },
  {
    promise: 'an-overview-says-what-is-wrong-first',
    broken: 'what could not be read counts as well',
    file: 'packages/dashboard/src/pages/overview-page.tsx',
    find: ') : unread.length > 0 ? (',
    replace: ') : unread.length > 99 ? (',
    test,
  },
  {
    promise: 'the-first-run-is-a-checklist-that-works',
    broken: 'a step that was skipped is back after a reload',
    file: 'packages/dashboard/src/overview/skipped-steps.ts',
    find: "skipped.join(' ')",
    replace: "''",
    test,
  },
  {
    promise: 'a-first-alert-takes-one-screen',
    broken: 'the test of a destination is sent from another screen',
    file: 'packages/dashboard/src/overview/first-run.tsx',
    find: '<FirstDestination channels={told} />',
    replace: "<a href={at('/alerts')}>{says.go.destination}</a>",
    test,
  },
]
