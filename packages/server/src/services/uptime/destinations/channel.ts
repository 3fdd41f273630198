import type { Attempt, AttemptContext, DestinationKind } from '@gatehouse/kernel/delivery'
import { type Egress, type EgressPolicy, egressDefaults } from '@gatehouse/kernel/egress'
import type { Html } from '@gatehouse/kernel/endpoint'
import type { NoticeBody } from '../domain/notice-body.ts'
import { uptimePolicy } from '../policy.ts'
import type { NoticeText } from './notice-text.ts'

/** One notification for one channel, in the channel's language. */
export type Notice = {
  /** The same on every attempt. */
  readonly id: string
  /** Id of the first notification about the same incident to this channel; later ones are sent as replies to it. */
  readonly firstId: string | null
  readonly body: NoticeBody
  /** The text with times in UTC, for readers whose time zone is not known. */
  readonly text: NoticeText
  readonly textIn: (timeZone: string | null) => NoticeText
  readonly language: 'en' | 'ja'
}

export type OutgoingMail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: Html
  readonly messageId: string
  readonly headers: Readonly<Record<string, string>>
}

/** What a channel needs for a delivery attempt. */
export type ChannelTools = AttemptContext & {
  readonly egress: Pick<Egress, 'request'>
  readonly publicUrl: () => string
  /** The time zone chosen by the organisation's member with this address; null: UTC. */
  readonly findZone: (email: string) => Promise<string | null>
  /** Sends one mail now. */
  readonly sendMail: (mail: OutgoingMail) => Promise<Attempt>
}

export type ChannelKind = DestinationKind<Notice, ChannelTools>

export const channelEgressPolicy: EgressPolicy = { ...egressDefaults, userAgent: uptimePolicy.userAgent }
