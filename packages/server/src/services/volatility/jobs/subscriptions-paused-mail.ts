import { within } from '@gatehouse/kernel/db'
import {
  bindMail,
  type BoundMail,
  type MailLanguage,
  type MailWords,
  postEach,
  type Reader,
  type PostDeps,
} from '../../../mail/index.ts'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import { subscriptionsPausedMail } from '../contract/jobs.ts'
import { findOrg } from '../store/org-store.ts'
import { listSubscriptions } from '../store/subscription-store.ts'

/** Longer lists would not be read. */
const namedMax = 20

/** Mails the owners which subscriptions the plan has paused, and that a larger plan resumes them (specification 11). */
export function bindSubscriptionsPausedMail(
  deps: PostDeps & Pick<ServiceDeps, 'db' | 'listOwners' | 'publicUrl'>,
): BoundMail {
  return bindMail(subscriptionsPausedMail, async ({ orgId, plan, subscriptionsMax, paused }, context) => {
    if (!deps.mailer.isConfigured) return
    const numbers: ReadonlySet<number> = new Set(paused)
    const told = await within(deps, { kind: 'system', orgId, because: 'mail' }, async (tx) => ({
      org: (await findOrg(tx)).name,
      owners: await deps.listOwners(tx),
      subscriptions: (await listSubscriptions(tx)).filter(
        ({ number, state }) => numbers.has(number) && state === 'paused_by_plan',
      ),
    }))
    const { org, owners, subscriptions } = told
    // The plan was raised again, or the subscriptions were deleted, before the mail was sent.
    if (subscriptions.length === 0) return
    const named = subscriptions
      .slice(0, namedMax)
      .map(({ number, kind, shown }) => `${number}: ${kind}, ${shown}`)
    const facts = {
      org,
      plan,
      subscriptionsMax,
      named,
      more: subscriptions.length - named.length,
      url: `${deps.publicUrl()}/app`,
    }
    const toWords = ({ language }: Reader) => subscriptionsPausedWords(language, facts)
    await postEach(deps, subscriptionsPausedMail.name, owners, toWords, context)
  })
}

type Facts = {
  readonly org: string
  readonly plan: string
  readonly subscriptionsMax: number
  readonly named: readonly string[]
  readonly more: number
  readonly url: string
}

function subscriptionsPausedWords(language: MailLanguage, facts: Facts): MailWords {
  const { org, plan, subscriptionsMax, named, more, url } = facts
  switch (language) {
    case 'en':
      return {
        subject: `[${org}] Webhooks are paused by the plan`,
        paragraphs: [
          `The plan ${plan} of ${org} allows ${subscriptionsMax} webhook subscriptions on regimes. The newest beyond that are paused, and nothing is sent to them:`,
          ...named,
          ...(more > 0 ? [`and ${more} more.`] : []),
        ],
        action: { label: 'Look at the organisation', url },
        closing: 'They resume by themselves when the plan allows them again.',
      }
    case 'ja':
      return {
        subject: `[${org}] プランの上限により Webhook が一時停止されました`,
        paragraphs: [
          `${org} のプラン ${plan} で利用できる Webhook は ${subscriptionsMax} 件です。上限を超えた新しいものから一時停止され、送信されません:`,
          ...named,
          ...(more > 0 ? [`ほか ${more} 件`] : []),
        ],
        action: { label: '組織を確認する', url },
        closing: 'プランの上限が広がると、自動的に再開されます。',
      }
  }
}
