import { createHash } from 'node:crypto'
import { recordTelemetry } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail, type MailLanguage, type MailWords, postMail } from '../../../mail/index.ts'
import { findVerification, setVerificationToken } from '../store/verification-store.ts'
import { verifyChannelMail } from './channel-jobs.ts'
import type { UptimeMailDeps } from './uptime-mail-deps.ts'

/** Mails the link that verifies a channel's address. Only the token's digest is stored. */
export function bindVerifyChannelMail(deps: UptimeMailDeps): BoundMail {
  return bindMail(verifyChannelMail, async ({ orgId, verificationId }, context) => {
    const token = context.secret.toString('base64url')
    const digest = createHash('sha256').update(token, 'utf8').digest('hex')
    const verification = await recordTelemetry(
      deps,
      { kind: 'system', orgId, because: 'mail' },
      async (tx) => {
        const found = await findVerification(tx, verificationId)
        // If the link has expired, the mail is not sent.
        if (found === undefined || found.expiresAtMs <= deps.clock.now()) return undefined
        await setVerificationToken(tx, verificationId, digest)
        return found
      },
    )
    if (verification === undefined) return
    const { email, language } = verification
    const url = `${deps.publicUrl()}/notification-channels/verify?token=${token}`
    const words = toWords(language, url, new URL(deps.publicUrl()).host)
    await postMail(deps, verifyChannelMail.name, { email, language }, words, context)
  })
}

/** Contains no text that users wrote, because the owner of the mailbox has not agreed to anything yet (S9). */
function toWords(language: MailLanguage, url: string, host: string): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Confirm this address for notices',
        paragraphs: [
          `Someone who uses Gatehouse at ${host} wants notices of its monitors sent to this address.`,
        ],
        action: { label: 'If that is right, open this link within 24 hours', url },
        closing: 'If not, ignore this mail: no notice is sent before the address is confirmed.',
      }
    case 'ja':
      return {
        subject: '通知先アドレスの確認',
        paragraphs: [`${host} の Gatehouse で、監視の通知をこのアドレスに送る設定が行われました。`],
        action: { label: 'よろしければ 24 時間以内に次のリンクを開いてください', url },
        closing: '心当たりがない場合は、このメールを無視してください。確認されるまで通知は送信されません。',
      }
  }
}
