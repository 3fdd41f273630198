import { within, type WriterTx } from '@gatehouse/kernel/db'
import { showHost } from '@gatehouse/kernel/endpoint'
import { findWebhookEndpoint, type WebhookNotice } from '@gatehouse/kernel/webhooks'
import { bindMail, type BoundMail, postEach, queueMail, type Reader } from '../../mail/index.ts'
import { sendWebhookFailing } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { webhookFailingWords } from '../mails/webhook-words.ts'
import { listOwnerAddresses } from '../store/membership-store.ts'
import { findOrg } from '../store/org-store.ts'

/** Queues the mail in the transaction that records the failure, so that owners are notified once per percentage. */
export async function tellWebhookOwners(tx: WriterTx, notice: WebhookNotice): Promise<void> {
  await queueMail(tx, sendWebhookFailing, { ...notice })
}

export function bindSendWebhookFailing(deps: PlatformDeps): BoundMail {
  return bindMail(sendWebhookFailing, async ({ orgId, endpointId, because, percent }, context) => {
    if (!deps.mailer.isConfigured) return
    const principal = { kind: 'system', orgId, because: 'mail' } as const
    const endpoint = await findWebhookEndpoint(deps, principal, endpointId)
    if (endpoint === undefined) {
      deps.log.info('A webhook was deleted before its owners were told that it fails', {
        orgId,
        webhookId: endpointId,
      })
      return
    }
    const { org, owners } = await within(deps, principal, async (tx) => ({
      org: await findOrg(tx),
      owners: await listOwnerAddresses(tx),
    }))
    if (org === undefined) return
    const facts = {
      org: org.name,
      host: showHost(new URL(endpoint.url).host),
      because,
      percent,
      url: `${deps.publicUrl()}/app/alerts`,
    }
    const toWords = ({ language }: Reader) => webhookFailingWords(language, facts)
    await postEach(deps, sendWebhookFailing.name, owners, toWords, context)
  })
}
