import type { Break } from './break.ts'

/** How screens could come to say less than is known, or something else. */
export const screenBreaks: readonly Break[] = [
  {
    promise: 'imports-are-found-again',
    broken: 'the oldest imports are listed, and never the rest',
    file: 'packages/server/src/services/oversight/store/import-store.ts',
    find: ".orderBy('id', 'desc')",
    replace: ".orderBy('id', 'asc')",
    test: 'packages/server/src/services/oversight/usecases/imports.db.test.ts',
  },
  {
    promise: 'the-board-agrees-with-each-symbol',
    broken: 'the board shows how far the usual is where it says how far the market is from it',
    file: 'packages/server/src/services/volatility/usecases/read-board.ts',
    find: 'z_vol: one.z_vol',
    replace: 'z_vol: one.baseline_vol',
    test: 'packages/server/test/regimes-by-hand.net.test.ts',
  },
  {
    promise: 'a-preview-says-what-a-saved-preset-would',
    broken: 'the preview shows its base instead of what was typed',
    file: 'packages/server/src/services/volatility/usecases/preview-preset.ts',
    find: 'const wanted = classify(history, thresholds)',
    replace: 'const wanted = classify(history, found.preset.thresholds)',
    test: 'packages/server/test/regimes-by-hand.net.test.ts',
  },
  {
    promise: 'the-board-shows-every-regime-at-once',
    broken: 'what is stale looks fresh',
    file: 'packages/dashboard/src/pages/board-page.tsx',
    find: '{row.stale ? <strong class="stale-word"> {volatilityWords.stale}</strong> : null}',
    replace: '',
    test: 'packages/server/test/volatility-screens.browser.test.ts',
  },
  {
    promise: 'the-organisation-is-led-by-team-gain',
    broken: 'viewers are kept from the panels of their organisation',
    file: 'packages/server/src/services/oversight/contract/endpoints.ts',
    find: "{ role: 'viewer' }, getOrganization",
    replace: "{ role: 'member' }, getOrganization",
    test: 'packages/server/test/oversight-screens.browser.test.ts',
  },
  {
    promise: 'a-decision-is-decided-where-it-is-seen',
    broken: 'the note of a review is left on the screen',
    file: 'packages/dashboard/src/oversight/review-form.tsx',
    find: "...(note === '' ? {} : { note }),",
    replace: '',
    test: 'packages/server/test/oversight-screens.browser.test.ts',
  },
  {
    promise: 'every-member-operation-has-a-screen',
    broken: 'people are given an operation that no screen offers and no reason excuses',
    file: 'packages/server/src/services/oversight/contract/endpoints.ts',
    find: '  rotateOwnKey,\n  revokeOwnKey,\n  registerWebhook',
    replace: '  ...openToMembers(rotateOwnKey),\n  revokeOwnKey,\n  registerWebhook',
    test: 'packages/server/test/every-member-operation-has-a-screen.test.ts',
  },
  {
    promise: 'a-screen-asks-what-it-says',
    broken: 'a screen no longer offers an operation that stands beside it',
    file: 'packages/dashboard/src/account/sessions-section.tsx',
    find: '() => sessions.endAll()',
    replace: '() => sessions.list()',
    test: 'packages/server/test/every-member-operation-has-a-screen.test.ts',
  },
]
