import { within } from '@gatehouse/kernel/db'
import { html } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { DeliverDeps } from './deliver.ts'
import type { DeliveryFailure } from './deliver-job.ts'

const words = {
  en: {
    subject: (channel: string) => `[Notice] ${channel} does not get through`,
    failed: (channel: string, event: string, result: string) =>
      `A notice (${event}) could not be delivered through the channel “${channel}”: ${result}. It will not be tried again.`,
    off: 'The channel was switched off. Correct it, and switch it on again.',
    on: 'The channel stays on; further notices will be tried.',
  },
  ja: {
    subject: (channel: string) => `[お知らせ] ${channel} に通知が届きません`,
    failed: (channel: string, event: string, result: string) =>
      `チャンネル「${channel}」への通知 (${event}) を送信できませんでした: ${result}。再送は行いません。`,
    off: 'このチャンネルは停止されました。設定を修正してから、再び有効にしてください。',
    on: 'このチャンネルは有効のままです。以降の通知は送信を試みます。',
  },
} as const

/** Whoever relies on a channel hears another way that it failed (6.1). Without a mail server there is no other way. */
export async function tellOwners(deps: DeliverDeps, orgId: string, failure: DeliveryFailure): Promise<void> {
  if (!deps.mail.isConfigured) return
  const { channelName, event, result, deactivated } = failure
  const owners = await within(deps, { kind: 'system', orgId, because: 'delivery' }, deps.listOwners)
  for (const { email, language } of owners) {
    const own = words[language]
    const lines = [own.failed(channelName, event, result), deactivated ? own.off : own.on]
    await deps.sendMail({
      to: email,
      subject: own.subject(channelName.replaceAll(/\s+/g, ' ')),
      text: lines.join('\n\n'),
      html: html`<!doctype html>
        <html lang="${language}">
          <body>
            ${lines.map((line) => html`<p>${line}</p>`)}
          </body>
        </html>`,
      messageId: `<owners-${newId(deps.clock.now())}@${new URL(deps.publicUrl()).hostname}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
  }
}
