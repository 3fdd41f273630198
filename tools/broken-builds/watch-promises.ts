/** What the operator is told of an instance from elsewhere, and what nobody else is. */
export const watchPromises = [
  'metrics-are-a-404-without-their-token',
  'metrics-count-requests-gate-and-limits-by-route-template-and-name-nobody',
  'metrics-tell-how-queues-checks-feeds-and-chains-stand',
  'faults-reach-sentry-without-secrets',
  'a-watcher-that-is-away-fails-no-request-and-is-left-alone',
  'sbom-names-what-runs-and-fits-the-published-schema',
  'a-planted-secret-is-found',
  'an-advisory-stops-unless-excused-for-a-time',
  'what-runs-has-a-licence-that-lets-it',
  'targets-are-acknowledged-by-an-owner-once',
] as const
