export const deviceClients = ['cli', 'mcp'] as const

export type DeviceClient = (typeof deviceClients)[number]

/** A device that waits for a person to let it in. */
export type DeviceLogin = {
  readonly id: string
  readonly client: DeviceClient
  /** Where the device waits for the browser to come back, if it does. */
  readonly callbackUrl: string | null
  readonly ip: string
  readonly userAgent: string | null
  readonly expiresAtMs: number
  readonly createdAtMs: number
}

/** Who let a device in, to which org, and what they were shown that it may do there. */
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
  /** `waitSeconds`: asked again too early, it waits longer between two questions from here on (RFC 8628 §3.5). */
  | { readonly kind: 'pending'; readonly waitSeconds: number | null }
  | ({ readonly kind: 'approved' } & DeviceApproval)

/** What a device hears that asked before at `polledAtMs`, or never. Once decided it hears so whatever its pace. */
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

/** The name of the key that a device gets, which says where it came from. */
export function toKeyName(client: DeviceClient, createdAtMs: number): string {
  return `${client.toUpperCase()} log-in of ${new Date(createdAtMs).toISOString().slice(0, 10)}`
}
