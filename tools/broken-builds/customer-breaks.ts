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
]
