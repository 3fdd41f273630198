import { isIP } from 'node:net'
import type { OpenDestination } from '@gatehouse/kernel/delivery'
import { judgeAddress } from '@gatehouse/kernel/egress'
import type { FieldFault } from '@gatehouse/kernel/problem'
import { ZodError } from 'zod'
import type { UptimeDeps } from '../deps.ts'
import {
  channelEgressPolicy,
  type ChannelKind,
  type ChannelTools,
  type Notice,
} from '../destinations/channel.ts'
import { destinations } from '../destinations/destinations.ts'
import { problems } from '../problems.ts'
import { channelPlace, findKind, openChannel } from './open-channel.ts'
import { toConfigFaults } from '../../../service/to-config-faults.ts'

type Sent = Readonly<Record<string, unknown>>
export type ChannelDestination = OpenDestination<Notice, ChannelTools>

export function requireKind(type: string): ChannelKind {
  const kind = findKind(type)
  if (kind === undefined) throw unknownType()
  return kind
}

function unknownType(): Error {
  return problems.INVALID_TYPE({ detail: `type: must be one of ${Object.keys(destinations).join(', ')}` })
}

/** Throws INVALID_CONFIG. */
export function acceptConfig(kind: ChannelKind, sent: Sent): ChannelDestination {
  return refuseFaults(() => kind.accept(sent))
}

/** Merges the sent members into the stored config; if the stored one is unreadable, all members must be sent. */
export function reviseConfig(
  { sealer }: Pick<UptimeDeps, 'sealer'>,
  orgId: string,
  channel: { readonly id: string; readonly type: string; readonly sealedConfig: string },
  sent: Sent,
): ChannelDestination {
  const kind = requireKind(channel.type)
  const opened = openChannel(sealer, orgId, channel)
  return refuseFaults(() =>
    opened.kind === 'opened' ? kind.revise(opened.destination.config, sent) : kind.accept(sent),
  )
}

/** Uses the network, so it must not be called inside a transaction. Throws INVALID_CONFIG. */
export async function assertDestination(
  { egress }: Pick<UptimeDeps, 'egress'>,
  { urls }: ChannelDestination,
): Promise<void> {
  for (const { field, url } of urls) {
    const schemes = isOpenedByOperator(url) ? (['http', 'https'] as const) : (['https'] as const)
    const verdict = await egress.judgeTargetNow(url, { ...channelEgressPolicy, schemes })
    if (verdict.accepted) continue
    const isForbidden = verdict.reason === 'name' || verdict.reason === 'address'
    const message = isForbidden ? 'this address may not be notified' : verdict.sentence
    throw refuse([{ field: `config.${field}`, message }])
  }
}

/**
 * Whether only the operator's allow-list makes the address reachable: within a private network, plain http is
 * accepted.
 */
function isOpenedByOperator(url: string): boolean {
  if (!URL.canParse(url)) return false
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && !judgeAddress(host).allowed
}

export function sealChannelConfig(
  { sealer }: Pick<UptimeDeps, 'sealer'>,
  orgId: string,
  id: string,
  { config }: ChannelDestination,
): string {
  return sealer.seal(channelPlace(orgId, id), JSON.stringify(config))
}

function refuseFaults(read: () => ChannelDestination): ChannelDestination {
  try {
    return read()
  } catch (error) {
    if (error instanceof ZodError) throw refuse(toConfigFaults(error))
    throw error
  }
}

function refuse(fields: readonly FieldFault[]): Error {
  return problems.INVALID_CONFIG({ fields })
}
