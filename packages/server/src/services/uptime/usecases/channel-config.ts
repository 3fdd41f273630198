import { isIP } from 'node:net'
import { judgeAddress } from '@gatehouse/kernel/egress'
import type { FieldFault } from '@gatehouse/kernel/problem'
import type { z } from 'zod'
import {
  channelTypes,
  type ChannelType,
  emailConfig,
  emailConfigChange,
  webhookConfig,
  webhookConfigChange,
} from '../contract/channels.ts'
import type { UptimeDeps } from '../deps.ts'
import { type Destination, webhookPolicy } from '../jobs/outgoing.ts'
import { problems } from '../problems.ts'
import { toConfigFaults } from './to-config-faults.ts'

type Sent = Readonly<Record<string, unknown>>

/** A whole config, secrets in clear: it leaves this process only sealed. */
export type ChannelConfig =
  | { readonly type: 'email'; readonly email: string }
  | { readonly type: 'webhook'; readonly url: string; readonly secret: string }

export function parseChannelType(type: string): ChannelType {
  const known = channelTypes.find((name) => name === type)
  if (known === undefined)
    throw problems.INVALID_TYPE({ detail: `type: must be one of ${channelTypes.join(', ')}` })
  return known
}

export function parseChannelConfig(type: ChannelType, sent: Sent): ChannelConfig {
  switch (type) {
    case 'email':
      return { type, ...parse(emailConfig, sent) }
    case 'webhook':
      return { type, ...parse(webhookConfig, sent) }
  }
}

/** Lays what was sent over what is kept: a member that is absent, or reads `{"set": true}`, stays. */
export function mergeChannelConfig(kept: Destination, sent: Sent): ChannelConfig {
  const { type } = kept
  switch (type) {
    case 'email':
      return { type, email: choose(parse(emailConfigChange, sent).email, kept.address) }
    case 'webhook': {
      const { url, secret } = parse(webhookConfigChange, sent)
      return { type, url: choose(url, kept.url), secret: choose(secret, kept.secret.reveal()) }
    }
  }
}

/** Asks the network, so never inside a transaction. Throws INVALID_CONFIG. */
export async function assertDestination(
  deps: Pick<UptimeDeps, 'egress'>,
  config: ChannelConfig,
): Promise<void> {
  if (config.type === 'email') return
  const schemes = isOpenedByOperator(config.url) ? (['http', 'https'] as const) : (['https'] as const)
  const verdict = await deps.egress.judgeTargetNow(config.url, { ...webhookPolicy, schemes })
  if (verdict.accepted) return
  const isForbidden = verdict.reason === 'name' || verdict.reason === 'address'
  throw refuse([
    { field: 'config.url', message: isForbidden ? 'this address may not be notified' : verdict.sentence },
  ])
}

/** An address that only the operator's allow-list can open: there, inside a private network, plain http will do. */
function isOpenedByOperator(url: string): boolean {
  if (!URL.canParse(url)) return false
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && !judgeAddress(host).allowed
}

/** What may be shown of it: the address, or the host. */
export function summarize(config: ChannelConfig): string {
  return config.type === 'email' ? config.email : new URL(config.url).host
}

export function sealChannelConfig(
  { sealer }: Pick<UptimeDeps, 'sealer'>,
  orgId: string,
  id: string,
  config: ChannelConfig,
): string {
  const { type: _type, ...members } = config
  return sealer.seal(place(orgId, id), JSON.stringify(members))
}

function choose(sent: string | { readonly set: true } | undefined, kept: string): string {
  return typeof sent === 'string' ? sent : kept
}

function parse<S extends z.ZodType>(schema: S, sent: Sent): z.output<S> {
  const parsed = schema.safeParse(sent)
  if (parsed.success) return parsed.data
  throw refuse(toConfigFaults(parsed.error))
}

function refuse(fields: readonly FieldFault[]): Error {
  return problems.INVALID_CONFIG({ fields })
}

function place(orgId: string, row: string) {
  return { orgId, table: 'uptime.channel', column: 'sealed_config', row }
}
