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

/** Who let a device in, and to which org. */
export type DeviceApproval = { readonly userId: string; readonly orgId: string }

export type PollState =
  | { readonly state: 'waiting' | 'denied' }
  | ({ readonly state: 'approved' } & DeviceApproval)

export type PollVerdict =
  | { readonly kind: 'pending' | 'denied' }
  /** Asked again too early: from here on it waits longer between two questions (RFC 8628 §3.5). */
  | { readonly kind: 'too_fast'; readonly pollSeconds: number }
  | ({ readonly kind: 'approved' } & DeviceApproval)

/** What a device hears that asked before at `polledAtMs`, or never. */
export function judgePoll(
  state: PollState,
  polledAtMs: number | null,
  pollSeconds: number,
  stepSeconds: number,
  nowMs: number,
): PollVerdict {
  if (polledAtMs !== null && nowMs - polledAtMs < pollSeconds * 1000)
    return { kind: 'too_fast', pollSeconds: pollSeconds + stepSeconds }
  switch (state.state) {
    case 'waiting':
      return { kind: 'pending' }
    case 'denied':
      return { kind: 'denied' }
    case 'approved':
      return { kind: 'approved', userId: state.userId, orgId: state.orgId }
  }
}

/** The name of the key that a device gets, which says where it came from. */
export function toKeyName(client: DeviceClient, createdAtMs: number): string {
  return `${client.toUpperCase()} log-in of ${new Date(createdAtMs).toISOString().slice(0, 10)}`
}
