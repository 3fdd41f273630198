import { within } from '@gatehouse/kernel/db'
import { showHost } from '@gatehouse/kernel/endpoint'
import {
  bindMail,
  type BoundMail,
  type MailLanguage,
  type MailWords,
  postEach,
  type Reader,
} from '../../../mail/index.ts'
import { domainMissingMail } from '../contract/custom-domains.ts'
import { uptimePolicy } from '../policy.ts'
import { listPageDomains } from '../store/domain-store.ts'
import { findOrg } from '../store/plan-store.ts'
import { findService } from '../store/service-store.ts'
import type { UptimeMailDeps } from './uptime-mail-deps.ts'

const { badDaysMax } = uptimePolicy.customDomain

/** Mails the organisation's owners that a page's domain no longer leads here, and once more when the page has left it. */
export function bindDomainMissingMail(deps: UptimeMailDeps): BoundMail {
  return bindMail(domainMissingMail, async ({ orgId, serviceId, domain }, context) => {
    const told = await within(deps, { kind: 'system', orgId, because: 'mail' }, async (tx) => {
      const held = (await listPageDomains(tx, serviceId)).get(serviceId)
      const page = await findService(tx, serviceId)
      // The records were found again, or the domain was changed, after the mail was queued.
      if (page === undefined || held?.domain !== domain) return undefined
      if (held.status === 'active' && held.badDays === 0) return undefined
      return {
        page: page.name,
        org: (await findOrg(tx)).name,
        isLost: held.status !== 'active',
        owners: await deps.listOwners(tx),
      }
    })
    if (told === undefined) return
    const { owners, ...facts } = told
    const url = `${deps.publicUrl()}/app/uptime/status-pages/${serviceId}`
    const toWords = ({ language }: Reader) =>
      domainMissingWords(language, { ...facts, url, domain: showHost(domain) })
    await postEach(deps, domainMissingMail.name, owners, toWords, context)
  })
}

type Facts = {
  readonly page: string
  readonly org: string
  readonly domain: string
  readonly isLost: boolean
  readonly url: string
}

function domainMissingWords(language: MailLanguage, { page, org, domain, isLost, url }: Facts): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: isLost ? `[${org}] ${page} is no longer at ${domain}` : `[${org}] ${domain} misses a record`,
        paragraphs: [
          isLost
            ? `For ${badDaysMax} days the DNS records of ${domain} were not found as they should be, so the status page “${page}” of ${org} is no longer there.`
            : `The DNS records of ${domain} were not found as they should be. After ${badDaysMax} such days in a row, the status page “${page}” of ${org} will no longer be there.`,
        ],
        action: { label: 'See what was found', url },
        closing: isLost
          ? 'Set the records again, and verify the domain there.'
          : 'Set the records again; they are looked for each day.',
      }
    case 'ja':
      return {
        subject: isLost
          ? `[${org}] ${domain} で ${page} が表示されなくなりました`
          : `[${org}] ${domain} の DNS レコードが見つかりません`,
        paragraphs: [
          isLost
            ? `${domain} の DNS レコードが ${badDaysMax} 日間正しく見つからなかったため、${org} のステータスページ「${page}」はこのドメインでは表示されなくなりました。`
            : `${domain} の DNS レコードが正しく見つかりません。${badDaysMax} 日続くと、${org} のステータスページ「${page}」はこのドメインでは表示されなくなります。`,
        ],
        action: { label: '見つかった内容を確認する', url },
        closing: isLost
          ? 'レコードを設定し直し、画面でドメインを確認してください。'
          : 'レコードを設定し直してください。確認は毎日行われます。',
      }
  }
}
