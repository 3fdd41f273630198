import type { Language } from '../domain/language.ts'
import type { MailWords } from '../../mail/index.ts'

export type WebhookFailingFacts = {
  /** The name of the org; an owner may have several. */
  readonly org: string
  readonly host: string
  readonly because: 'failing' | 'gone'
  /** The share of the permitted failing time that has passed; at 100 the webhook is disabled. */
  readonly percent: number
  readonly url: string
}

export function webhookFailingWords(language: Language, facts: WebhookFailingFacts): MailWords {
  const { org, host, because, percent, url } = facts
  const disabled = percent === 100
  switch (language) {
    case 'en':
      return {
        subject: disabled
          ? `[${org}] The webhook to ${host} was disabled`
          : `[${org}] The webhook to ${host} is failing`,
        paragraphs: [
          because === 'gone'
            ? `${host} answered that it wants no more webhooks of ${org} (410), so the webhook was disabled.`
            : disabled
              ? `Every delivery of ${org} to ${host} failed for 5 days, so the webhook was disabled.`
              : `Every delivery of ${org} to ${host} has failed for ${percent}% of 5 days. After 5 days it will be disabled.`,
        ],
        action: { label: 'Look at the webhook', url },
        closing: 'When you enable it again, what it missed in the last 7 days is sent.',
      }
    case 'ja':
      return {
        subject: disabled
          ? `[${org}] ${host} への Webhook を停止しました`
          : `[${org}] ${host} への Webhook が失敗しています`,
        paragraphs: [
          because === 'gone'
            ? `${host} が ${org} の受信を終了したと応答した (410) ため、Webhook を停止しました。`
            : disabled
              ? `${org} から ${host} への送信が 5 日間すべて失敗したため、Webhook を停止しました。`
              : `${org} から ${host} への送信が、5 日間の ${percent}% にわたり失敗し続けています。5 日に達すると停止します。`,
        ],
        action: { label: 'Webhook を確認する', url },
        closing: '再び有効にすると、過去 7 日間に届かなかったものが送信されます。',
      }
  }
}
