import type { Break } from './break.ts'

const forms = 'packages/server/test/monitor-forms-offer-all.test.ts'
const many = 'packages/server/src/services/uptime/usecases/many-monitors.db.test.ts'
const assignees = 'packages/server/src/services/uptime/usecases/assign-incident.db.test.ts'
const responses = 'packages/server/src/services/uptime/usecases/response-times.db.test.ts'
const page = 'packages/server/test/monitor-page.browser.test.ts'

/** How the screens of monitors could come to offer too little, or to do what nobody meant. */
export const monitorScreenBreaks: readonly Break[] = [
  {
    promise: 'the-form-of-a-monitor-offers-all-that-the-server-takes',
    broken: 'the time-out of a port can no longer be set',
    file: 'packages/dashboard/src/monitors/kind-fields.ts',
    find: "tcp: [hostname, { member: 'port', control: number() }, timeout]",
    replace: "tcp: [hostname, { member: 'port', control: number() }]",
    test: forms,
  },
  {
    promise: 'the-form-foretells-what-the-server-says',
    broken: 'the first failed check is counted among its re-checks',
    file: 'packages/dashboard/src/monitors/to-detection.ts',
    find: 'const rechecks = threshold - 1',
    replace: 'const rechecks = threshold',
    test: forms,
  },
  {
    promise: 'a-monitor-is-changed-where-it-is-seen',
    broken: 'a refused address is told without its cure',
    file: 'packages/dashboard/src/words/field-fault-words.ts',
    find: '/^this address may not be monitored$/',
    replace: '/^that address may not be monitored$/',
    test: page,
  },
  {
    promise: 'every-reason-is-said-in-both-languages',
    broken: 'a Japanese screen says one reason in English',
    file: 'packages/dashboard/src/words/reason-words.ts',
    find: "'{seconds}秒以内にTLSハンドシェイクが完了しませんでした。'",
    replace: "'No TLS handshake within {seconds} s.'",
    test: 'packages/server/test/every-reason-is-said-in-both-languages.test.ts',
  },
  {
    promise: 'why-it-is-down-is-read-in-ones-own-language',
    broken: 'the checks of a monitor show the sentence of the server',
    file: 'packages/dashboard/src/monitors/check-list.tsx',
    find: '{toCheckMessage(check) ??',
    replace: '{check.message ??',
    test: 'packages/server/test/one-truth-per-screen.browser.test.ts',
  },
  {
    promise: 'what-came-of-a-delivery-is-said-in-both-languages',
    broken: 'a Japanese screen says in English why a message did not arrive',
    file: 'packages/dashboard/src/words/answer-words.ts',
    find: "connect_refused: '接続が拒否されました'",
    replace: "connect_refused: 'The connection was refused'",
    test: 'packages/server/test/every-reason-is-said-in-both-languages.test.ts',
  },
  {
    promise: 'a-cause-has-its-code-until-a-person-writes-another',
    broken: 'what a person wrote is covered by what the check found',
    file: 'packages/server/src/services/uptime/usecases/handle-incident.ts',
    find: '{ cause: sent, causeReason: null }',
    replace: '{ cause: sent, causeReason }',
    test: 'packages/server/src/services/uptime/usecases/incidents.db.test.ts',
  },
  {
    promise: 'a-notice-says-why-in-its-language',
    broken: 'the end of an incident is told with the English sentence',
    file: 'packages/server/src/services/uptime/jobs/queue-notice.ts',
    find: 'const forAll = { monitorId, incidentId, body, failure, suppressed',
    replace: 'const forAll = { monitorId, incidentId, body, failure: null, suppressed',
    test: 'packages/server/src/services/uptime/jobs/deliver.db.test.ts',
  },
  {
    promise: 'an-incident-is-given-to-a-member',
    broken: 'it is given to whoever is named',
    file: 'packages/server/src/services/uptime/usecases/assign-incident.ts',
    find: 'if (assigneeId !== null && !',
    replace: "if (assigneeId === '' && !",
    test: assignees,
  },
  {
    promise: 'whoever-acknowledges-what-nobody-has-has-it',
    broken: 'it is taken from whoever has it',
    file: 'packages/server/src/services/uptime/usecases/handle-incident.ts',
    find: "principal.kind === 'member' && incident.assigneeId === null",
    replace: "principal.kind === 'member'",
    test: assignees,
  },
  {
    promise: 'response-times-are-what-the-results-say',
    broken: 'checks that failed are counted among the answers',
    file: 'packages/server/src/services/uptime/store/response-store.ts',
    find: "FILTER (WHERE outcome IN ('up', 'degraded')) AS answered",
    replace: "FILTER (WHERE outcome <> 'unknown') AS answered",
    test: responses,
  },
  {
    promise: 'response-times-are-drawn-by-phase',
    broken: 'outages are not marked behind the lines',
    file: 'packages/dashboard/src/monitors/to-response-chart.ts',
    find: "if (state !== 'down' && state !== 'degraded'",
    replace: "if (state !== 'degraded'",
    test: page,
  },
  {
    promise: 'a-deed-can-be-taken-back',
    broken: 'what is deleted is deleted at once',
    file: 'packages/dashboard/src/monitors/monitor-acts.ts',
    find: '  addLeaving(ids)\n',
    replace: '  void work()\n',
    test: page,
  },
  {
    promise: 'a-list-in-pages-skips-nothing',
    broken: 'a page goes on after all that have the key of its last row',
    file: 'packages/server/src/services/uptime/store/monitor-store.ts',
    find: '(${after.key}, ${after.id})',
    replace: "(${after.key}, ${isDescending ? '' : '~'})",
    test: many,
  },
  {
    promise: 'several-monitors-change-together-or-not-at-all',
    broken: 'what is unknown is left out, and the rest is changed',
    file: 'packages/server/src/services/uptime/usecases/lock-all.ts',
    find: "    if (monitor === undefined) throw problems.NOT_FOUND({ detail: 'Monitor not found' })\n    found.push",
    replace: '    if (monitor === undefined) continue\n    found.push',
    test: many,
  },
  {
    promise: 'ten-thousand-monitors-are-worked-with',
    broken: 'whoever scrolls to the end has to press for more',
    file: 'packages/dashboard/src/parts/data-table.tsx',
    find: 'if (isAtEnd && more?.isBusy === false) more.load()',
    replace: 'if (isAtEnd && more === undefined) return',
    test: 'packages/server/test/ten-thousand-monitors.browser.test.ts',
  },
]
