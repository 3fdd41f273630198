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
  {
    promise: 'a-planted-secret-is-found',
    broken: 'the keys of one service are looked for in another form',
    file: '.gitleaks.toml',
    find: String.raw`'''\bck_(?:live|test)_[0-9A-HJKMNP-TV-Z]{26}\b'''`,
    replace: String.raw`'''\bck_(?:live|test)_[0-9a-f]{64}\b'''`,
    test: 'tools/check-secrets.test.ts',
  },
  {
    promise: 'an-advisory-stops-unless-excused-for-a-time',
    broken: 'an exception goes on after its end',
    file: 'tools/check-audit.ts',
    find: 'exceptions.filter(({ until }) => until >= today).map',
    replace: 'exceptions.map',
    test: 'tools/check-audit.test.ts',
  },
  {
    promise: 'what-runs-has-a-licence-that-lets-it',
    broken: 'one part of an expression is enough where all are needed',
    file: 'tools/check-licences.ts',
    find: "choice.split(' AND ').every(",
    replace: "choice.split(' AND ').some(",
    test: 'tools/check-licences.test.ts',
  },
  {
    promise: 'targets-are-acknowledged-by-an-owner-once',
    broken: 'any member says it for all',
    file: 'packages/server/src/platform/contract/acknowledgements.ts',
    find: "role: 'owner'",
    replace: "role: 'viewer'",
    test: 'packages/server/test/targets-are-acknowledged.net.test.ts',
  },
]
