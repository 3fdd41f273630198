import { createHash, randomBytes } from 'node:crypto'
import { within } from '@gatehouse/kernel/db'
import { html } from '@gatehouse/kernel/endpoint'
import { findVerification, setVerificationToken } from '../store/verification-store.ts'
import type { DeliverDeps } from './deliver.ts'

const words = {
  en: {
    subject: (name: string) => `Confirm notices of ${name}`,
    ask: (name: string) =>
      `Someone wants the channel “${name}” to send its notices to this address. If that is right, open this link within 24 hours:`,
    ignore: 'If not, ignore this mail: nothing else will be sent.',
  },
  ja: {
    subject: (name: string) => `${name} の通知先の確認`,
    ask: (name: string) =>
      `チャンネル「${name}」の通知をこのアドレスに送る設定が行われました。よろしければ24時間以内に次のリンクを開いてください。`,
    ignore: '心当たりがない場合は、このメールを無視してください。ほかの通知は送信されません。',
  },
} as const

/** Mails the link that verifies a channel's address. The token is made here, so that nothing stored holds it. */
export async function sendVerification(
  deps: DeliverDeps,
  orgId: string,
  verificationId: string,
): Promise<void> {
  const token = randomBytes(32).toString('base64url')
  const digest = createHash('sha256').update(token, 'utf8').digest('hex')
  const verification = await within(deps, { kind: 'system', orgId, because: 'delivery' }, async (tx) => {
    const found = await findVerification(tx, verificationId)
    // Mailed late, a link that no longer opens would only puzzle.
    if (found === undefined || found.expiresAtMs <= deps.clock.now()) return undefined
    await setVerificationToken(tx, verificationId, digest)
    return found
  })
  if (verification === undefined) return
  const { email, channelName, language } = verification
  const own = words[language]
  const link = `${deps.publicUrl()}/notification-channels/verify?token=${token}`
  const attempt = await deps.sendMail({
    to: email,
    subject: own.subject(channelName.replaceAll(/\s+/g, ' ')),
    text: [own.ask(channelName), '', link, '', own.ignore].join('\n'),
    html: html`<!doctype html>
      <html lang="${language}">
        <body>
          <p>${own.ask(channelName)}</p>
          <p><a href="${link}">${link}</a></p>
          <p>${own.ignore}</p>
        </body>
      </html>`,
    messageId: `<verify-${verificationId}@${new URL(deps.publicUrl()).hostname}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
  // Thrown, so that the job is tried again, with a token of its own.
  if (attempt.kind === 'failed') throw new Error(`The verification mail was not accepted: ${attempt.code}`)
}
