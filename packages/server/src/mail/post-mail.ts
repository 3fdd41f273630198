import type { Logger } from '@gatehouse/kernel/log'
import type { Mailer } from './create-mailer.ts'
import { type MailContext, Unsent } from './mail-queue.ts'
import { type MailLanguage, type MailWords, renderMail } from './render-mail.ts'
import { toAttempt } from './to-attempt.ts'
import type { Reader } from './write-moment.ts'

export type Recipient = { readonly email: string; readonly language: MailLanguage }
export type PostDeps = { readonly mailer: Mailer; readonly log: Logger }

/** Sends one mail. Throws Unsent on failure, which says whether a retry may help. */
export async function postMail(
  deps: PostDeps,
  job: string,
  { email, language }: Recipient,
  words: MailWords,
  context: MailContext,
): Promise<void> {
  const posting = await deps.mailer.send(
    {
      to: email,
      ...renderMail(language, words),
      messageId: context.toMessageId(email),
      headers: { 'Auto-Submitted': 'auto-generated' },
    },
    context.signal,
  )
  if (posting.outcome === 'sent') return deps.log.info('A mail was sent', { job })
  if (posting.outcome === 'failed')
    deps.log.warn('A mail was refused for good', { job, reason: posting.because })
  throw new Unsent(toAttempt(posting))
}

/** Sends a mail to each address; an address that is refused does not keep the others from getting theirs. */
export async function postEach(
  deps: PostDeps,
  job: string,
  recipients: readonly (Recipient & Reader)[],
  toWords: (reader: Reader) => MailWords,
  context: MailContext,
): Promise<void> {
  const unsent: Unsent[] = []
  for (const recipient of recipients)
    await postMail(deps, job, recipient, toWords(recipient), context).catch((error: unknown) => {
      if (!(error instanceof Unsent)) throw error
      unsent.push(error)
    })
  const worth = unsent.find(({ attempt }) => attempt.outcome === 'again') ?? unsent[0]
  if (worth !== undefined) throw worth
}
