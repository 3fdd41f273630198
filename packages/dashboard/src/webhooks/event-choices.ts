import { type WebhookEvent, webhookEvents } from '@gatehouse/sdk'
import { webhookWords } from '../words/webhook-words.ts'

export const eventChoices = webhookEvents.map((value) => ({
  value,
  text: value,
  hint: webhookWords.eventTexts[value],
}))

export function toEvents(chosen: readonly string[]): readonly WebhookEvent[] {
  return webhookEvents.filter((event) => chosen.includes(event))
}
