import type { PlatformDeps } from '../deps.ts'
import type { Language } from '../domain/language.ts'
import type { MailWords } from '../mails/mail-words.ts'
import { renderMail } from '../mails/render-mail.ts'

export type Recipient = { readonly email: string; readonly language: Language }

/** Sends one mail, or throws, so that the job queue tries again later. */
export async function post(
  deps: Pick<PlatformDeps, 'mailer' | 'log'>,
  job: string,
  { email, language }: Recipient,
  words: MailWords,
  signal: AbortSignal,
): Promise<void> {
  const posting = await deps.mailer.send({ to: email, ...renderMail(language, words) }, signal)
  switch (posting.outcome) {
    case 'sent':
      return deps.log.info('A mail was sent', { job })
    case 'failed':
      return deps.log.warn('A mail was refused for good', { job, reason: posting.because })
    case 'retry':
      throw new Error(`The mail will be tried again: ${posting.because}`)
  }
}
