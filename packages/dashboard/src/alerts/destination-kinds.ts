import type { ChannelChange, NewChannel } from '@gatehouse/sdk'
import { toText } from '../to-text.ts'
import { alertWords as says } from '../words/alert-words.ts'

type ChannelType = NewChannel['type']
/** Notification channels, and webhooks that receive events. */
export type DestinationKind = ChannelType | 'events'

export type DestinationField = {
  readonly name: string
  readonly label: string
  readonly type: 'email' | 'url' | 'password'
  readonly placeholder?: string
  readonly hint?: string
}

/** The fields of each kind of channel: the members of its config. */
export const channelFields: Readonly<Record<ChannelType, readonly DestinationField[]>> = {
  email: [{ name: 'email', label: says.fields.email, type: 'email', placeholder: says.fields.emailExample }],
  slack: [
    { name: 'webhookUrl', label: says.fields.webhookUrl, type: 'url', hint: says.fields.webhookUrlHint },
  ],
  webhook: [
    { name: 'url', label: says.fields.url, type: 'url', placeholder: 'https://example.com/alerts' },
    { name: 'secret', label: says.fields.secret, type: 'password', hint: says.fields.secretHint },
  ],
}

// In display order; a new kind of channel causes a type error in the table above first.
export const destinationKinds = [
  'email',
  'slack',
  'webhook',
  'events',
] as const satisfies readonly DestinationKind[]

export function findKind(name: string): DestinationKind | undefined {
  return destinationKinds.find((kind) => kind === name)
}

/** An unknown kind is shown under its own name. */
export function nameKind(type: string): string {
  const kind = findKind(type)
  return kind === undefined ? type : says.kinds[kind].label
}

type TypedConfig = NewChannel extends infer Each
  ? Each extends NewChannel
    ? Pick<Each, 'type' | 'config'>
    : never
  : never

export function readNewConfig(type: ChannelType, fields: FormData): TypedConfig {
  const config = Object.fromEntries(channelFields[type].map(({ name }) => [name, toText(fields, name)]))
  // Safe: the table names the members of this type's config, and the server validates their values.
  return { type, config } as TypedConfig
}

/** Only the fields that were filled in: omitted ones stay as they are. */
export function readChangedConfig(type: ChannelType, fields: FormData): Pick<ChannelChange, 'config'> {
  const filled = channelFields[type]
    .map(({ name }) => [name, toText(fields, name)] as const)
    .filter(([, value]) => value !== '')
  // Safe: as above.
  return filled.length === 0
    ? {}
    : { config: Object.fromEntries(filled) as NonNullable<ChannelChange['config']> }
}
