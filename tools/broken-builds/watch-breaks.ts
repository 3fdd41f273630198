import type { Break } from './break.ts'

const metrics = 'packages/server/test/metrics.net.test.ts'
const sentry = 'packages/server/test/faults-reach-sentry.net.test.ts'

/** How what the operator watches an instance with could come to tell too little, or strangers too much. */
export const watchBreaks: readonly Break[] = [
  {
    promise: 'metrics-are-a-404-without-their-token',
    broken: 'a token is enough that begins like the real one',
    file: 'packages/server/src/http/register-metrics.ts',
    find: '!isSame(shown.text, expected)',
    replace: '!shown.text.startsWith(expected.reveal())',
    test: metrics,
  },
  {
    promise: 'metrics-count-requests-gate-and-limits-by-route-template-and-name-nobody',
    broken: 'the limits are not counted',
    file: 'packages/server/src/compose.ts',
    find: 'meter?.watchLimits(counted) ?? counted',
    replace: 'counted',
    test: metrics,
  },
  {
    promise: 'metrics-tell-how-queues-checks-feeds-and-chains-stand',
    broken: 'what services know of themselves is left out',
    file: 'packages/server/src/compose.ts',
    find: 'flatMap((service) => service.gauges ?? [])',
    replace: 'flatMap(() => [])',
    test: metrics,
  },
  {
    promise: 'faults-reach-sentry-without-secrets',
    broken: 'the text of the error goes along',
    file: 'packages/server/src/faults/fault-event.ts',
    find: 'message: { formatted: sentence }',
    replace: 'message: { formatted: String(fields.error) }',
    test: sentry,
  },
  {
    promise: 'a-watcher-that-is-away-fails-no-request-and-is-left-alone',
    broken: 'who asks for time is asked again at once',
    file: 'packages/server/src/faults/report-faults.ts',
    find: 'if (pauseSeconds !== undefined)',
    replace: 'if (pauseSeconds === -1)',
    test: sentry,
  },
  {
    promise: 'sbom-names-what-runs-and-fits-the-published-schema',
    broken: 'what only builds and tests it is named too',
    file: 'packages/server/src/sbom/read-lock.ts',
    find: "place !== '' && dev !== true && link !== true",
    replace: "place !== '' && (dev === true || dev !== true) && link !== true",
    test: 'packages/server/test/sbom.net.test.ts',
  },
]
