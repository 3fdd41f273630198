import type { owaspRisks } from '../packages/server/src/posture/owasp.ts'
import type { PromiseName } from './broken-builds/promises.ts'

export type Risk = keyof typeof owaspRisks

export type Answer = {
  /** In words, by the ids of the kernel's controls where they have one; claims add theirs. */
  readonly controls: readonly string[]
  /** Titles of tests, each of which fails once the control that it is about is weakened. */
  readonly promises: readonly PromiseName[]
}

/** What answers a risk beyond what the security page claims of it. */
export const owaspControls: Readonly<Record<Risk, Answer>> = {
  API1: {
    controls: [
      'T1 the organisation comes from the proven credential',
      'T2, T3 row-level security, forced',
      'T4 another’s id is not found',
    ],
    promises: ['tenants-cannot-see-each-other', 'server-refuses-to-start-without-forced-row-security'],
  },
  API2: {
    controls: [
      'K2, K4 keys',
      'S1–S5 sessions',
      'S6 second factors',
      'G1–G3 one refusal, in one time',
      'G5 no endpoint without an access rule',
    ],
    promises: [
      'every-endpoint-refuses-strangers',
      'unauthorized-bodies-are-identical',
      'outcomes-are-indistinguishable-in-time',
      'tampered-tokens-are-refused',
      'parallel-refreshes-give-one-successor',
      'late-replay-kills-the-family',
    ],
  },
  API3: {
    controls: ['H3 strict bodies', 'replies parsed by their schema'],
    promises: ['tenants-cannot-see-each-other'],
  },
  API4: {
    controls: ['L1–L8 limits', 'H1 body caps', 'H7 slow clients', 'E6 response caps'],
    promises: ['no-window-ever-exceeds-its-limit', 'limiter-outage-refuses', 'bodies-over-the-cap-are-413'],
  },
  API5: {
    controls: [
      'G5 no endpoint without an access rule',
      'scopes and roles',
      'S7 proof anew',
      'instance administration apart',
    ],
    promises: [
      'read-only-keys-cannot-write',
      'viewer-cannot-write-anywhere',
      'sudo-is-needed-where-the-contract-says',
    ],
  },
  API6: {
    controls: ['L1, L4 limits before proof', 'S7 proof anew', 'invitations and set-up links that work once'],
    promises: [
      'first-owner-link-works-once',
      'invitation-is-single-use',
      'registration-is-closed-by-default',
    ],
  },
  API7: {
    controls: ['E1–E10 egress'],
    promises: ['no-special-address-is-dialled', 'rebinding-is-refused', 'redirects-are-never-followed'],
  },
  API8: {
    controls: [
      'H2 origins',
      'H4 headers',
      'H6 TLS 1.3',
      'T3 refuses to start',
      'V2 keys readable by their owner alone',
    ],
    promises: [
      'preflight-and-request-origins',
      'server-refuses-to-start-without-forced-row-security',
      'starts-and-stops-cleanly',
    ],
  },
  API9: {
    controls: ['endpoints are data: router, OpenAPI and the walks over every endpoint come from one table'],
    promises: ['every-endpoint-refuses-strangers'],
  },
  API10: {
    controls: [
      'E6, E7 what others answer is capped and never shown',
      'W1 signed webhooks, verified before they are read',
    ],
    promises: ['webhook-signatures-verify-with-the-reference-library'],
  },
}

/** What stands behind all ten. */
export const behindAll: readonly Answer[] = [
  {
    controls: ['A1–A5, an audit chain whose every change is found'],
    promises: [
      'every-mutation-of-the-chain-is-found',
      'concurrent-writers-never-fork-the-chain',
      'pruned-chains-still-verify',
    ],
  },
  {
    controls: ['V1–V4, secrets that are sealed, rotated and never in a log or a dump'],
    promises: ['secrets-never-reach-logs-or-dumps'],
  },
  { controls: ['retention'], promises: ['retention-cuts-at-the-boundary'] },
]
