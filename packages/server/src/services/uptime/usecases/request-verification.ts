import type { AuditedTx } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import type { UptimeDeps } from '../deps.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import type { Channel } from '../store/channel-store.ts'
import { countVerifications, insertVerification } from '../store/verification-store.ts'

const dayMs = 86_400_000

export function assertMailConfigured({ mail }: Pick<UptimeDeps, 'mail'>): void {
  if (!mail.isConfigured)
    throw problems.EMAIL_NOT_CONFIGURED({
      detail: 'E-mail channels need a mail server: set SMTP_URL on this instance',
    })
}

/**
 * Queues a mail that asks a channel's address to confirm. Limited to the first mail and a number of repeats per day.
 */
export async function requestVerification(
  deps: Pick<UptimeDeps, 'notices'>,
  tx: AuditedTx,
  channel: Pick<Channel, 'id' | 'summary'>,
  nowMs: number,
): Promise<void> {
  const resendsMax = policy.verificationsPerDayMax
  // Counted by address, so that changing or recreating a channel cannot be used to flood a mailbox.
  if ((await countVerifications(tx, channel.summary, nowMs - dayMs)) > resendsMax)
    throw problems.TOO_MANY_ATTEMPTS({ detail: `The link can be mailed again ${resendsMax} times a day` })
  const id = newId(nowMs)
  const expiresAtMs = nowMs + policy.verificationHours * 3_600_000
  await insertVerification(tx, { id, channelId: channel.id, email: channel.summary, expiresAtMs }, nowMs)
  await deps.notices.queueVerification(tx, id)
}
