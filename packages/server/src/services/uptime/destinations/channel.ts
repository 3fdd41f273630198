import type { Attempt, AttemptContext, DestinationKind } from '@gatehouse/kernel/delivery'
import { type Egress, type EgressPolicy, egressDefaults } from '@gatehouse/kernel/egress'
import type { Html } from '@gatehouse/kernel/endpoint'
import type { NoticeBody } from '../domain/notice-body.ts'
import { uptimePolicy } from '../policy.ts'
import type { NoticeText } from './notice-text.ts'

/** One notice for one channel, in the channel's language. */
export type Notice = {
  /** The same on every attempt. */
  readonly id: string
  /** The notice of the same incident that this channel got first: what a later one is an answer to. */
  readonly firstId: string | null
  readonly body: NoticeBody
  /** As those read it whose clock is not known: in UTC. */
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

/** What an attempt is made with. */
export type ChannelTools = AttemptContext & {
  readonly egress: Pick<Egress, 'request'>
  readonly publicUrl: () => string
  /** The zone that a member of the org with this address has chosen; null: UTC. */
  readonly findZone: (email: string) => Promise<string | null>
  /** Sends one mail now. */
  readonly sendMail: (mail: OutgoingMail) => Promise<Attempt>
}

export type ChannelKind = DestinationKind<Notice, ChannelTools>

export const channelEgressPolicy: EgressPolicy = { ...egressDefaults, userAgent: uptimePolicy.userAgent }
