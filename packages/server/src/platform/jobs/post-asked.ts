import { asGate } from '@gatehouse/kernel/db'
import type { PlatformDeps } from '../deps.ts'
import { type MailContext, type MailWords, postMail, type Recipient } from '../../mail/index.ts'
import { policy } from '../policy.ts'
import { giveMailBack, takeMail } from '../store/mail-quota-store.ts'

/**
 * `flow`: mails that anyone who knows an address can request. `code`: mails that a person requests in their own
 * session.
 */
export type AskedFor = 'flow' | 'code'

/**
 * Sends a mail that somebody requested: an address gets a limited number of them per hour, whoever requests them (S9).
 */
export async function postAsked(
  deps: Pick<PlatformDeps, 'mailer' | 'log' | 'db' | 'clock' | 'digests'>,
  job: string,
  recipient: Recipient,
  words: MailWords,
  context: MailContext,
  askedFor: AskedFor = 'flow',
): Promise<void> {
  const digest = deps.digests.digest(
    `mail:${askedFor}:${recipient.email.toLowerCase()}`,
    deps.digests.currentVersion,
  )
  const now = deps.clock.now()
  if (!(await asGate(deps, (tx) => takeMail(tx, digest, policy.askedMailsMax, now - hourMs, now))))
    return deps.log.warn('A mail was not sent: its address has had its share of the hour', { job })
  try {
    await postMail(deps, job, recipient, words, context)
  } catch (error) {
    await asGate(deps, (tx) => giveMailBack(tx, digest, now))
    throw error
  }
}

const hourMs = 3_600_000
