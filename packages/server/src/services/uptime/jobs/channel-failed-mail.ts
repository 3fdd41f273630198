import { within } from '@gatehouse/kernel/db'
import {
  bindMail,
  type BoundMail,
  type MailLanguage,
  type MailWords,
  postEach,
  type Reader,
} from '../../../mail/index.ts'
import { writeAnswer } from '../destinations/answer-text.ts'
import { nameEvent } from '../destinations/notice-text.ts'
import { findChannel } from '../store/channel-store.ts'
import { findOrg } from '../store/plan-store.ts'
import { channelFailedMail } from './channel-jobs.ts'
import type { UptimeMailDeps } from './uptime-mail-deps.ts'

/** Mails the organisation's owners that a notification could not be delivered through a channel (6.1). */
export function bindChannelFailedMail(deps: UptimeMailDeps): BoundMail {
  return bindMail(channelFailedMail, async ({ orgId, channelId, ...failure }, context) => {
    const told = await within(deps, { kind: 'system', orgId, because: 'mail' }, async (tx) => {
      const channel = await findChannel(tx, channelId)
      if (channel === undefined) return undefined
      return { channel: channel.name, org: (await findOrg(tx)).name, owners: await deps.listOwners(tx) }
    })
    if (told === undefined) return
    const { owners, channel, org } = told
    const facts = { ...failure, channel, org, url: `${deps.publicUrl()}/app/alerts` }
    const toWords = ({ language }: Reader) => channelFailedWords(language, facts)
    await postEach(deps, channelFailedMail.name, owners, toWords, context)
  })
}

type Facts = {
  readonly channel: string
  readonly org: string
  readonly event: string
  readonly result: string
  readonly deactivates: boolean
  readonly url: string
}

function channelFailedWords(language: MailLanguage, facts: Facts): MailWords {
  const { channel, org, event, result, deactivates, url } = facts
  switch (language) {
    case 'en':
      return {
        subject: `[${org}] ${channel} does not get through`,
        paragraphs: [
          `A notice (${nameEvent(event, language)}) of ${org} could not be delivered through the channel “${channel}”: ${writeAnswer(result, language)}. It will not be tried again.`,
        ],
        action: { label: 'Look at the channel', url },
        closing: deactivates
          ? 'The channel was switched off. Correct it, and switch it on again.'
          : 'The channel stays on; further notices will be tried.',
      }
    case 'ja':
      return {
        subject: `[${org}] ${channel} に通知が届きません`,
        paragraphs: [
          `${org} のチャンネル「${channel}」への通知 (${nameEvent(event, language)}) を送信できませんでした: ${writeAnswer(result, language)}。再送は行いません。`,
        ],
        action: { label: 'チャンネルを確認する', url },
        closing: deactivates
          ? 'このチャンネルは停止されました。設定を修正してから、再び有効にしてください。'
          : 'このチャンネルは有効のままです。以降の通知は送信を試みます。',
      }
  }
}
