/** What the kernel promises. Each name is part of the title of the test that holds it. */
export const kernelPromises = [
  'every-endpoint-refuses-strangers',
  'unauthorized-bodies-are-identical',
  'outcomes-are-indistinguishable-in-time',
  'revoked-keys-die-on-every-node-within-one-second',
  'rotation-kills-the-old-key-at-once',
  'no-window-ever-exceeds-its-limit',
  'limiter-outage-refuses',
  'tenants-cannot-see-each-other',
  'server-refuses-to-start-without-forced-row-security',
  'read-only-keys-cannot-write',
  'every-decision-leaves-a-link',
  'concurrent-writers-never-fork-the-chain',
  'every-mutation-of-the-chain-is-found',
  'pruned-chains-still-verify',
  'parallel-refreshes-give-one-successor',
  'late-replay-kills-the-family',
  'tampered-tokens-are-refused',
  'no-special-address-is-dialled',
  'rebinding-is-refused',
  'redirects-are-never-followed',
  'webhook-signatures-verify-with-the-reference-library',
  'killed-mid-delivery-still-delivers-once-or-more',
  'secrets-never-reach-logs-or-dumps',
  'retention-cuts-at-the-boundary',
  'bodies-over-the-cap-are-413',
  'preflight-and-request-origins',
  'starts-and-stops-cleanly',
] as const

/** What the platform promises, in the same way. */
export const platformPromises = [
  'first-owner-link-works-once',
  'unknown-and-wrong-logins-are-indistinguishable',
  'role-change-bites-within-a-second',
  'viewer-cannot-write-anywhere',
  'last-owner-cannot-leave',
  'invitation-is-single-use',
  'sudo-is-needed-where-the-contract-says',
  'password-reset-ends-every-session',
  'export-holds-everything-and-only-mine',
  'deleted-org-is-gone',
  'registration-is-closed-by-default',
  'device-login-cannot-be-approved-by-an-unverified-member',
  'test-keys-never-see-live-data',
] as const

export type PromiseName = (typeof kernelPromises)[number] | (typeof platformPromises)[number]
