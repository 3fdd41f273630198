import { within } from '@gatehouse/kernel/db'
import { showHost } from '@gatehouse/kernel/endpoint'
import { bindMail, type BoundMail, postEach, type Reader } from '../../mail/index.ts'
import { sendDomainMissing } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { toDomainRecord } from '../domain/single-sign-on.ts'
import { domainMissingWords } from '../mails/domain-words.ts'
import { listOwnerAddresses } from '../store/membership-store.ts'
import { findOrg } from '../store/org-store.ts'
import { listSsoDomains } from '../store/sso-settings-store.ts'

export function bindSendDomainMissing(deps: PlatformDeps): BoundMail {
  return bindMail(sendDomainMissing, async ({ orgId, domain }, context) => {
    if (!deps.mailer.isConfigured) return
    const { org, owners, held } = await within(
      deps,
      { kind: 'system', orgId, because: 'mail' },
      async (tx) => ({
        org: await findOrg(tx),
        owners: await listOwnerAddresses(tx),
        held: (await listSsoDomains(tx)).find((one) => one.domain === domain),
      }),
    )
    // The record was found again, or the domain was removed, after the mail was queued.
    if (org === undefined || held === undefined || held.missingSinceMs === null) return
    const facts = {
      org: org.name,
      domain: showHost(domain),
      record: toDomainRecord(held),
      url: `${deps.publicUrl()}/app/team`,
    }
    const toWords = ({ language }: Reader) => domainMissingWords(language, facts)
    await postEach(deps, sendDomainMissing.name, owners, toWords, context)
  })
}
