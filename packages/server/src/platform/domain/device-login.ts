export const deviceClients = ['cli', 'mcp'] as const

export type DeviceClient = (typeof deviceClients)[number]

/** A device that waits for a person to approve its log-in. */
export type DeviceLogin = {
  readonly id: string
  readonly client: DeviceClient
  /** The URL at which the device waits for the browser to return; null when it does not. */
  readonly callbackUrl: string | null
  readonly ip: string
  readonly userAgent: string | null
  readonly expiresAtMs: number
  readonly createdAtMs: number
}

/** Who approved a device, for which org, and the scopes that they were shown. */
export type DeviceApproval = {
  readonly userId: string
  readonly orgId: string
  readonly scopes: readonly string[]
}

export type PollState =
  | { readonly state: 'waiting' | 'denied' }
  | ({ readonly state: 'approved' } & DeviceApproval)

export type PollVerdict =
  | { readonly kind: 'denied' }
  /**
   * `waitSeconds`: the device polled too early, and must wait this much longer between polls from now on (RFC 8628
   * §3.5).
   */
  | { readonly kind: 'pending'; readonly waitSeconds: number | null }
  | ({ readonly kind: 'approved' } & DeviceApproval)

/**
 * The answer to a device that last polled at `polledAtMs`, or never. Once a decision exists, the device gets it however
 * fast it polls.
 */
export function judgePoll(
  state: PollState,
  polledAtMs: number | null,
  pollSeconds: number,
  stepSeconds: number,
  nowMs: number,
): PollVerdict {
  switch (state.state) {
    case 'waiting': {
      const isTooFast = polledAtMs !== null && nowMs - polledAtMs < pollSeconds * 1000
      return { kind: 'pending', waitSeconds: isTooFast ? pollSeconds + stepSeconds : null }
    }
    case 'denied':
      return { kind: 'denied' }
    case 'approved':
      return { kind: 'approved', userId: state.userId, orgId: state.orgId, scopes: state.scopes }
  }
}

/** The name of the key that a device gets; it tells where the key came from. */
export function toKeyName(client: DeviceClient, createdAtMs: number): string {
  return `${client.toUpperCase()} log-in of ${new Date(createdAtMs).toISOString().slice(0, 10)}`
}
