import { egressDefaults, type EgressPolicy } from '@gatehouse/kernel/egress'
import type { Html } from '@gatehouse/kernel/endpoint'
import type { Secret } from '@gatehouse/kernel/secrets'
import { uptimePolicy } from '../policy.ts'
import type { StoredNotice } from './notice-body.ts'

export const webhookPolicy: EgressPolicy = { ...egressDefaults, userAgent: uptimePolicy.userAgent }

export type OutgoingMail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: Html
  readonly messageId: string
  readonly headers: Readonly<Record<string, string>>
}

export type Destination =
  | { readonly type: 'webhook'; readonly url: string; readonly secret: Secret }
  | { readonly type: 'email'; readonly address: string; readonly language: 'en' | 'ja' }

export type NoticeToSend = {
  readonly deliveryId: string
  /** The delivery that opened the incident on this channel, for mail threads. */
  readonly openingId: string | null
  readonly notice: StoredNotice
  readonly nowMs: number
}
