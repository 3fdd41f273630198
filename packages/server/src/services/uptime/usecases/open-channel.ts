import type { OpenDestination } from '@gatehouse/kernel/delivery'
import type { SealContext, Sealer } from '@gatehouse/kernel/secrets'
import type { ChannelKind, ChannelTools, Notice } from '../destinations/channel.ts'
import { destinations } from '../destinations/destinations.ts'

export type OpenedChannel =
  | { readonly kind: 'opened'; readonly destination: OpenDestination<Notice, ChannelTools> }
  /** The stored config cannot be used: `code` tells people why, `error` the operator. */
  | { readonly kind: 'unreadable'; readonly code: UnreadableCode; readonly error: Error }

export type UnreadableCode = 'type_unknown' | 'secret_unreadable' | 'config_unreadable'

type StoredChannel = { readonly id: string; readonly type: string; readonly sealedConfig: string }

/** Undefined for a type that this version does not know. */
export function findKind(type: string): ChannelKind | undefined {
  return new Map<string, ChannelKind>(Object.entries(destinations)).get(type)
}

/** Decrypts a channel's config; called only when it is used. */
export function openChannel(sealer: Sealer, orgId: string, channel: StoredChannel): OpenedChannel {
  const { id, type, sealedConfig } = channel
  const kind = findKind(type)
  if (kind === undefined) return unreadable(id, 'type_unknown', `no kind of channel is called “${type}”`)
  let config: unknown
  try {
    config = JSON.parse(sealer.open(channelPlace(orgId, id), sealedConfig).reveal())
  } catch (error) {
    return unreadable(id, 'secret_unreadable', 'its config cannot be opened', error)
  }
  try {
    return { kind: 'opened', destination: kind.open(config) }
  } catch (error) {
    return unreadable(id, 'config_unreadable', `its config is none of the type ${type}`, error)
  }
}

export function channelPlace(orgId: string, row: string): SealContext {
  return { orgId, table: 'uptime.channel', column: 'sealed_config', row }
}

function unreadable(id: string, code: UnreadableCode, why: string, cause?: unknown): OpenedChannel {
  // The cause is not attached, because it may quote the config, which contains secrets.
  const error = new Error(`The channel ${id} cannot be sent to: ${why}`)
  return { kind: 'unreadable', code, error: code === 'secret_unreadable' ? withCause(error, cause) : error }
}

function withCause(error: Error, cause: unknown): Error {
  error.cause = cause
  return error
}
