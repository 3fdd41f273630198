import type { ServicePolicy } from '../service.ts'

const window = { windowSeconds: 60, whenStoreFails: 'refuse' } as const
const hour = { windowSeconds: 3_600, whenStoreFails: 'refuse' } as const

const gate: ServicePolicy = {
  keyShape: null,
  gate: {
    credentialHeaders: ['authorization'],
    floorMs: 80,
    floorOn: 'failures',
    beforeProof: { name: 'platform-before-proof', limit: 60, ...window },
    perKey: { name: 'platform-key', limit: 60, ...window },
    perKeyBy: 'key',
    // One count for all of `/dashboard/*`, whichever module a path belongs to.
    perUser: { name: 'dashboard-user', limit: 60, ...window },
  },
  publicLimits: {
    auth: { name: 'platform-auth', limit: 10, ...window },
    // A device asks every few seconds, and there may be several behind one address (L8).
    'device-token': { name: 'platform-device-token', limit: 60, ...window },
  },
  userLimits: {
    'change-password': { name: 'account-change-password', limit: 5, ...hour },
    'change-email': { name: 'account-change-email', limit: 3, ...hour },
    'export-account': { name: 'account-export', limit: 1, ...hour },
    'export-team': { name: 'team-export', limit: 6, ...hour },
    // The account pages of the wire name no figure for these three: without one a stolen session could guess the
    // password through the deletion, or fill a mailbox.
    'delete-account': { name: 'account-delete', limit: 10, ...hour },
    'deletion-code': { name: 'account-deletion-code', limit: 5, ...hour },
    verification: { name: 'account-verification', limit: 5, ...hour },
  },
  scopes: [],
}

/** The platform's figures; kernel.md L1 and L2, platform.md. */
export const policy = {
  ...gate,
  setupTokenHours: 24,
  invitationDays: 7,
  verificationHours: 24,
  passwordResetMinutes: 60,
  /** Reset mails that one address gets within `passwordResetMinutes`, whoever asks for them. */
  passwordResetMailsMax: 5,
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
  /** What a device gets: as much as the member who approves it may do. */
  deviceKey: { service: 'uptime', scopes: ['read', 'write'] },
  mfaTokenMinutes: 5,
  mfaTriesMax: 5,
  /** Second factors that may fail, over all log-ins of a person, before `proofLockMinutes` of refusals. */
  mfaFailuresMax: 20,
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
  webhooksMax: 100,
  webhookPageDefault: 50,
} as const
