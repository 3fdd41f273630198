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
    // Each session has a pace of its own (`sessionPace`): here many people may be behind one address.
    refresh: { name: 'platform-refresh', limit: 600, ...window },
    // A device asks every few seconds, and there may be several behind one address (L8).
    // People come back from their issuer through few addresses (L8); each return takes a log-in that was begun.
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
    // The account pages of the wire name no figure for these three: without one a stolen session could guess the
    // password through the deletion, or fill a mailbox.
    'delete-account': { name: 'account-delete', limit: 10, ...hour },
    'deletion-code': { name: 'account-deletion-code', limit: 3, ...hour },
    verification: { name: 'account-verification', limit: 3, ...hour },
  },
  scopes: [],
  defaultScopes: [],
  deviceScopes: null,
}

/** The platform's figures; kernel.md L1 and L2, platform.md. */
export const policy = {
  ...gate,
  /** Streams of a person's screens, and of all of an organisation, on one node. */
  streams: { perCallerMax: 20, perOrgMax: 500 },
  live: { changesEveryMs: 1_000, idsMax: 50 },
  setupTokenHours: 24,
  invitationDays: 7,
  verificationHours: 24,
  passwordResetMinutes: 60,
  /** Mails that an address gets within an hour because somebody asked, whoever asks (S9). */
  askedMailsMax: 3,
  emailChangeHours: 24,
  /** How long the old address can take a change back. */
  emailUndoDays: 7,
  deletionCodeMinutes: 60,
  deletionCodeAttemptsMax: 5,
  deletionDays: 30,
  deviceLoginMinutes: 15,
  /** Seconds between two questions of a device; each that comes too early adds as much again (RFC 8628 §3.5). */
  devicePollSeconds: 5,
  /** Wrong codes that a person may type within an hour. */
  deviceGuessesMax: 10,
  /** How long the key of a device lasts that nobody uses: its end moves with each use (S12). */
  deviceKeyDays: 90,
  /** Renewals of one session: several tabs and reloads at once are usual. */
  sessionPace: { max: 30, windowSeconds: 60 },
  mfaTokenMinutes: 5,
  mfaTriesMax: 5,
  /** Passwords, and second factors, of one account that may fail from strangers' addresses before each further one waits (S10). */
  guesses: { free: 10, windowMinutes: 15, holdSecondsMin: 1, holdSecondsMax: 300, toldAgainMinutes: 60 },
  /** Failures that lock sudo for `proofLockMinutes` (S7). */
  sudoFailuresMax: 5,
  proofLockMinutes: 15,
  /** How long a device that nobody logs in from stays known. */
  knownDeviceDays: 90,
  challengeMinutes: 5,
  sudoCodeMinutes: 10,
  sudoCodeAgainSeconds: 60,
  passkeysMax: 10,
  recoveryCodes: 10,
  /** Orgs that one person may belong to. */
  teamsPerPersonMax: 20,
  openInvitationsMax: 100,
  /** Live keys of one org, whatever its plan (K9): lists of them come whole. */
  keysMax: 1_000,
  allowedOriginsMax: 50,
  /** How often owners are mailed the newest checkpoint of their audit log (A5). */
  checkpointMailDays: 7,
  auditPageDefault: 50,
  auditPageMax: 100,
  adminPageDefault: 50,
  adminPageMax: 100,
  usageDaysDefault: 30,
  usageDaysMax: 90,
  /** How old a call is before it is added up: by then every node has written it. */
  usageSettleMinutes: 5,
  /** What of an hour's calls is out of the ordinary (`judge-usage-anomaly.ts`). */
  usageAnomaly: {
    callsMin: 1_000,
    historyDays: 14,
    historyDaysMin: 7,
    spreadsMax: 6,
    spreadShareMin: 0.1,
  },
  sso: {
    domainsMax: 20,
    /** How long after a look the record of a proven domain is looked for again. */
    domainWatchHours: 24,
    groupsMax: 100,
    clockSkewSeconds: { min: 0, max: 300, unset: 60 },
    /** How long somebody may stay at the issuer. */
    flowMinutes: 10,
    /** How long an account waits for its password to be connected, and how often one may be tried. */
    linkMinutes: 10,
    linkTriesMax: 5,
    proofMinutes: 5,
    /** Before this no refusal to begin leaves, whatever its reason (G2). */
    floorMs: 80,
    /** A log-out token is remembered until its end, so none may last longer. */
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
    /** Manako: affected customers are told within 72 hours. */
    tell: { hours: 72, remindHours: [24, 48, 66] },
    affectedOrgsMax: 10_000,
    orgsToldAtOnce: 50,
    /** On the page that lists public reports. */
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
    /** Kept after their end, in case the same is found again. */
    casesKeptDays: 1_095,
    /** One less than what is read of a stranger's body (H1), so that what is cut off is noticed. */
    formBytesMax: 16_383,
    textMax: 12_000,
    contactMax: 320,
  },
  webhooksMax: 100,
  webhookPageDefault: 50,
} as const
