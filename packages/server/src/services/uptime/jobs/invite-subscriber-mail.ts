import { bindMail, type BoundMail, type MailLanguage, type MailWords, postMail } from '../../../mail/index.ts'
import { uptimePolicy } from '../policy.ts'
import { keepAsked } from '../usecases/subscribe.ts'
import { toPageUrl } from '../usecases/to-page-url.ts'
import { inviteSubscriberMail } from './subscriber-jobs.ts'
import type { UptimeMailDeps } from './uptime-mail-deps.ts'

const { confirmHours } = uptimePolicy.subscription

/** Mails the link that confirms a subscription, unless the address has one. */
export function bindInviteSubscriberMail(deps: UptimeMailDeps): BoundMail {
  return bindMail(inviteSubscriberMail, async ({ orgId, ...asked }, context) => {
    // A mail that is sent again has the same link.
    const token = context.secret.toString('base64url')
    const page = await keepAsked(deps, orgId, asked, token)
    if (page === undefined) return
    const { email, language } = asked
    const url = `${deps.publicUrl()}/subscriptions/confirm?token=${token}&lang=${language}`
    const words = toWords(language, url, toPageUrl(deps.publicUrl(), page.slug, page.domain))
    await postMail(deps, inviteSubscriberMail.name, { email, language }, words, context)
  })
}

/**
 * Contains no text that users wrote but the address of the page, because the owner of the mailbox has not agreed to
 * anything yet (S9).
 */
function toWords(language: MailLanguage, url: string, pageUrl: string): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: 'Confirm that you follow a status page',
        paragraphs: [
          'Someone asked that this address be told of incidents and maintenance of a status page.',
          pageUrl,
        ],
        action: {
          label: `If that was you, open this link within ${confirmHours} hours and press the button`,
          url,
        },
        closing: 'If not, ignore this mail: nothing is sent before the address is confirmed.',
      }
    case 'ja':
      return {
        subject: 'ステータスページの購読の確認',
        paragraphs: [
          '次のステータスページの障害とメンテナンスのお知らせを、このアドレスで受け取る申し込みがありました。',
          pageUrl,
        ],
        action: {
          label: `申し込んだ覚えがある場合は、${confirmHours} 時間以内に次のリンクを開き、ボタンを押してください`,
          url,
        },
        closing:
          '心当たりがない場合は、このメールを無視してください。確認されるまでお知らせは送信されません。',
      }
  }
}
