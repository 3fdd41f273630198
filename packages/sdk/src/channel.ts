import type { Flag } from './monitor.ts'

export type Channel = {
  readonly id: string
  readonly teamId: string
  readonly type: string
  readonly name: string
  /** The names of what is set, never the values. */
  readonly config: Readonly<Record<string, { readonly set: true }>>
  /** What may be shown of the config: an e-mail address, a host name. */
  readonly summary: string
  readonly isActive: Flag
  readonly verified: Flag
  readonly isDefault: Flag
  readonly delaySeconds: number
  readonly events: readonly string[]
  readonly language: 'en' | 'ja'
  readonly createdAt: string
  readonly updatedAt: string
}

type ChannelSettings = {
  readonly isActive?: boolean
  readonly isDefault?: boolean
  readonly delaySeconds?: number
  readonly events?: readonly string[]
  readonly language?: 'en' | 'ja'
}

export type ChannelConfig = { readonly email: string } | { readonly url: string; readonly secret: string }

export type NewChannel = ChannelSettings & {
  readonly type: 'email' | 'webhook'
  readonly name: string
  readonly config: ChannelConfig
}
export type ChannelChange = ChannelSettings & {
  readonly name?: string
  readonly config?: Partial<ChannelConfig>
}
export type WrittenChannel = { readonly channel: Channel; readonly verificationSent: boolean }
