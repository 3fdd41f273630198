import type { Break } from './break.ts'

const reasons = 'packages/server/test/every-reason-is-said-in-both-languages.test.ts'
const codes = 'packages/server/test/every-code-is-said-in-both-languages.test.ts'
const notices = 'packages/server/src/services/uptime/usecases/stored-notice.test.ts'

/** How English could come back to screens and mails in Japanese, and how news could say what did not happen. */
export const languageBreaks: readonly Break[] = [
  {
    promise: 'japanese-screens-speak-japanese',
    broken: 'spans of time are said in English on every screen',
    file: 'packages/dashboard/src/words/span-words.ts',
    find: 'export const spanWords = inLanguage(translations)',
    replace: 'export const spanWords: SpanWords = translations.en',
    test: 'packages/server/test/japanese-screens-speak-japanese.browser.test.ts',
  },
  {
    promise: 'screens-speak-to-people',
    broken: 'a page says the name of a member of the API instead of what is missing',
    file: 'packages/dashboard/src/words/oversight-words.ts',
    find: "sendOwn: 'Send the own answer before advice with each decision to fill this.'",
    replace: "sendOwn: 'Send initial_decision with each decision to fill this.'",
    test: 'packages/server/test/japanese-screens-speak-japanese.browser.test.ts',
  },
  {
    promise: 'refusals-are-said-in-japanese',
    broken: 'the server answers a new code that is said in English whatever the screen speaks',
    file: 'packages/server/src/platform/problems.ts',
    find: 'OWN_ORG: [409,',
    replace: 'OWN_ORG_NOW: [409,',
    test: 'packages/server/test/refusals-are-said-in-japanese.test.ts',
  },
  {
    promise: 'faults-of-a-chain-are-said-in-japanese',
    broken: 'the verifier finds a fault that a Japanese screen says in English',
    file: 'packages/kernel/src/audit/verify-chain.ts',
    find: "because: 'the chain ends before its head'",
    replace: "because: 'the chain ends too early'",
    test: 'packages/server/test/refusals-are-said-in-japanese.test.ts',
  },
  {
    promise: 'every-action-of-the-audit-log-has-words',
    broken: 'a new decision is written that the audit log shows by its code',
    file: 'packages/server/src/services/uptime/usecases/delete-incident.ts',
    find: "action: 'incident.delete'",
    replace: "action: 'incident.forget'",
    test: codes,
  },
  {
    promise: 'every-event-has-words',
    broken: 'a new event of webhooks is offered by its code alone',
    file: 'packages/server/src/services/oversight/contract/contest-events.ts',
    find: "'oversight.contest_decided':",
    replace: "'oversight.contest_judged':",
    test: codes,
  },
  {
    promise: 'every-scope-has-words',
    broken: 'a new scope of keys is offered by its code alone',
    file: 'packages/server/src/services/volatility/policy.ts',
    find: "'billing:read',\n  ],",
    replace: "'billing:read',\n    'billing:write',\n  ],",
    test: codes,
  },
  {
    promise: 'every-refusal-has-words',
    broken: 'the log of refused calls holds a reason that the screen shows by its code',
    file: 'packages/server/src/platform/usecases/log-in.ts',
    find: "throw refuse('no_org')",
    replace: "throw refuse('org_lost')",
    test: codes,
  },
  {
    promise: 'figures-of-probes-are-said-in-words',
    broken: 'the security page says that an ended key was refused after 51, of nobody knows what',
    file: 'packages/server/src/posture/figure-names.ts',
    find: "  refusedAfterMs: { en: 'Refused after', ja: '拒否されるまで', unit: 'ms' },",
    replace: "  refusedAfterMs: { en: 'Refused after', ja: '拒否されるまで' },",
    test: 'packages/server/src/posture/pages/tell-figures.test.ts',
  },
  {
    promise: 'spans-are-said-in-both-languages',
    broken: 'the unit of minutes is an English one whatever the screen speaks',
    file: 'packages/dashboard/src/words/span-words.ts',
    find: 'minutes: (count) => `${count} 分`',
    replace: 'minutes: (count) => `${count} min`',
    test: 'packages/dashboard/src/to-span.test.ts',
  },
  {
    promise: 'a-check-that-gave-no-result-says-why-in-both-languages',
    broken: 'every sentence is taken for one about a value in an answer',
    file: 'packages/dashboard/src/monitors/to-unavailable.ts',
    find: "if (template.startsWith('{')) continue",
    replace: "if (template === '') continue",
    test: reasons,
  },
  {
    promise: 'a-paused-monitor-is-not-back',
    broken: 'whoever pauses a monitor that is down tells everybody that it is back up',
    file: 'packages/server/src/services/uptime/usecases/stored-notice.ts',
    find: 'failure !== null && Object.hasOwn(resolutionSentences, failure.code)',
    replace: 'failure !== null && failure.code === body.event',
    test: notices,
  },
  {
    promise: 'several-monitors-are-named-in-words',
    broken: 'the names of several monitors are joined by English words in a Japanese mail',
    file: 'packages/server/src/services/uptime/usecases/stored-notice.ts',
    find: '{ ...about, cause, isUnrecovered, monitors }',
    replace: '{ ...about, cause, isUnrecovered }',
    test: notices,
  },
]
