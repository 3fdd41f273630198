import { egressDefaults, type EgressPolicy } from '@gatehouse/kernel/egress'
import type { ServicePolicy } from '../service/define-service.ts'
import { sessionGate } from '../service/open-service.ts'

const window = { windowSeconds: 60, whenStoreFails: 'refuse' } as const
const hour = { windowSeconds: 3_600, whenStoreFails: 'refuse' } as const

const gate: ServicePolicy = {
  keyShape: null,
  gate: sessionGate,
  publicLimits: {
    auth: { name: 'platform-auth', limit: 10, ...window },
    // Each session has a limit of its own (`sessionPace`): this one is for an address, which many people may share.
    refresh: { name: 'platform-refresh', limit: 600, ...window },
    // A device polls every few seconds, and several may share one address (L8). People return from their issuer through
    // few addresses (L8); each return requires a log-in that was begun.
    'sso-callback': { name: 'platform-sso-callback', limit: 60, ...window },
    // An issuer ends the sessions of all its people from one address.
    'sso-logout': { name: 'platform-sso-logout', limit: 300, ...window },
    'device-token': { name: 'platform-device-token', limit: 60, ...window },
    'security-report': { name: 'platform-security-report', limit: 10, ...hour },
    'security-look-up': { name: 'platform-security-look-up', limit: 10, ...window },
    'security-pages': {
      name: 'platform-security-pages',
      limit: 60,
      windowSeconds: 60,
      whenStoreFails: 'admit',
    },
  },
  userLimits: {
    'change-password': { name: 'account-change-password', limit: 5, ...hour },
    'change-email': { name: 'account-change-email', limit: 3, ...hour },
    'export-account': { name: 'account-export', limit: 1, ...hour },
    'export-team': { name: 'team-export', limit: 6, ...hour },
    // The specification of the account pages gives no figures for these three. Without a limit, a stolen session could
    // be used to guess the password through the deletion, or to flood a mailbox.
    'delete-account': { name: 'account-delete', limit: 10, ...hour },
    'deletion-code': { name: 'account-deletion-code', limit: 3, ...hour },
    verification: { name: 'account-verification', limit: 3, ...hour },
  },
  scopes: [],
  defaultScopes: [],
  deviceScopes: null,
}

/** The figures of the platform; kernel.md L1 and L2, platform.md. */
export const policy = {
  ...gate,
  /** The most event streams of one person, and of one org, on one node. */
  streams: { perCallerMax: 20, perOrgMax: 500 },
  live: { changesEveryMs: 1_000, idsMax: 50 },
  setupTokenHours: 24,
  invitationDays: 7,
  verificationHours: 24,
  passwordResetMinutes: 60,
  /** The most mails per hour to one address that somebody requested, whoever requests them (S9). */
  askedMailsMax: 3,
  emailChangeHours: 24,
  /** For how many days a change of address can be undone from the old address. */
  emailUndoDays: 7,
  deletionCodeMinutes: 60,
  deletionCodeAttemptsMax: 5,
  deletionDays: 30,
  deviceLoginMinutes: 15,
  /** Seconds between two polls of a device; each poll that comes too early adds as much again (RFC 8628 §3.5). */
  devicePollSeconds: 5,
  /** The most wrong codes that a person may enter within an hour. */
  deviceGuessesMax: 10,
  /** After how many days without use a device's key expires: each use extends it (S12). */
  deviceKeyDays: 90,
  /** The limit of renewals of one session: several tabs and reloads at the same time are usual. */
  sessionPace: { max: 30, windowSeconds: 60 },
  mfaTokenMinutes: 5,
  mfaTriesMax: 5,
  /**
   * Wrong passwords, and wrong second factors, of one account from unknown devices that are allowed before each further
   * one has to wait (S10).
   */
  guesses: { free: 10, windowMinutes: 15, holdSecondsMin: 1, holdSecondsMax: 300, toldAgainMinutes: 60 },
  /** The number of failures that locks sudo for `proofLockMinutes` (S7). */
  sudoFailuresMax: 5,
  proofLockMinutes: 15,
  /** After how many days without a log-in a device is forgotten. */
  knownDeviceDays: 90,
  challengeMinutes: 5,
  sudoCodeMinutes: 10,
  sudoCodeAgainSeconds: 60,
  passkeysMax: 10,
  recoveryCodes: 10,
  /** The most orgs that one person may belong to. */
  teamsPerPersonMax: 20,
  openInvitationsMax: 100,
  /** The most live keys of one org, whatever its plan (K9): lists of keys are not paged. */
  keysMax: 1_000,
  allowedOriginsMax: 50,
  /** How often, in days, owners are mailed the newest checkpoint of their audit log (A5). */
  checkpointMailDays: 7,
  auditPageDefault: 50,
  auditPageMax: 100,
  adminPageDefault: 50,
  adminPageMax: 100,
  usageDaysDefault: 30,
  usageDaysMax: 90,
  /** The age at which calls are added up: by then every node has written them. */
  usageSettleMinutes: 5,
  /** When the calls of an hour are unusual (`judge-usage-anomaly.ts`). */
  usageAnomaly: {
    callsMin: 1_000,
    historyDays: 14,
    historyDaysMin: 7,
    spreadsMax: 6,
    spreadShareMin: 0.1,
  },
  sso: {
    domainsMax: 20,
    /** How often, in hours, the record of a proven domain is checked. */
    domainWatchHours: 24,
    groupsMax: 100,
    clockSkewSeconds: { min: 0, max: 300, unset: 60 },
    /** How long, in minutes, a person may take at the issuer. */
    flowMinutes: 10,
    /** How long an account waits for its password before it is connected, and how often a password may be tried. */
    linkMinutes: 10,
    linkTriesMax: 5,
    proofMinutes: 5,
    /** The floor of every refusal to begin, whatever its reason (G2). */
    floorMs: 80,
    /** A logout token is stored until it expires, so a token with a longer lifetime is refused. */
    logoutTokenHoursMax: 24,
    logoutTokenAgeSecondsMax: 600,
    egress: {
      ...egressDefaults,
      userAgent: 'Gatehouse-Sign-On/1.0',
      connectTimeoutMs: 5_000,
      totalTimeoutMs: 10_000,
      bodyBytesMax: 262_144,
    } satisfies EgressPolicy,
  },
  incidents: {
    /** Manako: affected customers are notified within 72 hours. */
    tell: { hours: 72, remindHours: [24, 48, 66] },
    affectedOrgsMax: 10_000,
    orgsToldAtOnce: 50,
    /** The most reports on the page of public reports. */
    publishedMax: 200,
    textMax: 20_000,
  },
  disclosure: {
    clocks: {
      /** Amaneki: acknowledged within 48 hours. */
      acknowledge: { hours: 48, remindHours: [24, 42] },
      /** Amaneki: a critical weakness is fixed within 7 days, the stricter of two published figures. */
      fix: { hours: 168, remindHours: [72, 120, 144] },
    },
    /** How long closed cases are kept, in case the same weakness is found again. */
    casesKeptDays: 1_095,
    /** One byte less than is read of an unauthenticated body (H1), so that a longer body is noticed. */
    formBytesMax: 16_383,
    textMax: 12_000,
    contactMax: 320,
  },
  webhooksMax: 100,
  webhookPageDefault: 50,
} as const
