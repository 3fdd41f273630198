import { within, type WriterTx } from '@gatehouse/kernel/db'
import { type BoundJob, bindJob, enqueue } from '@gatehouse/kernel/jobs'
import { findWebhookEndpoint, type WebhookNotice } from '@gatehouse/kernel/webhooks'
import { sendWebhookFailing } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { webhookFailingWords } from '../mails/webhook-words.ts'
import { listOwnerAddresses } from '../store/membership-store.ts'
import { post } from './post.ts'

/** Queues the mail in the transaction that notes the failure, so that owners hear of each mark once. */
export async function tellWebhookOwners(tx: WriterTx, notice: WebhookNotice): Promise<void> {
  await enqueue(tx, sendWebhookFailing, { ...notice })
}

export function bindSendWebhookFailing(deps: PlatformDeps): BoundJob {
  return bindJob(sendWebhookFailing, async ({ orgId, endpointId, because, percent }, { signal }) => {
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
    const owners = await within(deps, principal, listOwnerAddresses)
    const facts = { host: new URL(endpoint.url).host, because, percent, url: `${deps.publicUrl()}/webhooks` }
    for (const owner of owners) {
      const words = webhookFailingWords(owner.language, facts)
      await post(deps, sendWebhookFailing.name, owner, words, signal)
    }
  })
}
