import type { ServicePolicy } from '../service.ts'

const window = { windowSeconds: 60, whenStoreFails: 'refuse' } as const

const gate: ServicePolicy = {
  keyShape: null,
  gate: {
    credentialHeaders: ['authorization'],
    floorMs: 80,
    floorOn: 'failures',
    beforeProof: { name: 'platform-before-proof', limit: 60, ...window },
    perKey: { name: 'platform-key', limit: 60, ...window },
    // One count for all of `/dashboard/*`, whichever module a path belongs to.
    perUser: { name: 'dashboard-user', limit: 60, ...window },
  },
  publicLimits: { auth: { name: 'platform-auth', limit: 10, ...window } },
  scopes: [],
}

/** The platform's figures; kernel.md L1 and L2, platform.md. */
export const policy = {
  ...gate,
  setupTokenHours: 24,
  invitationDays: 7,
  verificationHours: 24,
  /** Orgs that one person may belong to. */
  teamsPerPersonMax: 20,
  openInvitationsMax: 100,
  /** Live keys of one org, whatever its plan (K9): lists of them come whole. */
  keysMax: 1_000,
  allowedOriginsMax: 50,
  auditPageDefault: 50,
  auditPageMax: 100,
} as const
