export { createMailer, type Mailer, type Message } from './create-mailer.ts'
export { parseRelay } from './parse-relay.ts'
export { toAttempt } from './to-attempt.ts'
export {
  bindMail,
  type BoundMail,
  createMailQueue,
  type MailContext,
  mailQueueName,
  mailRules,
  queueMail,
  Unsent,
} from './mail-queue.ts'
export { postEach, postMail, type PostDeps, type Recipient } from './post-mail.ts'
export { type MailLanguage, type MailWords, renderMail } from './render-mail.ts'
export { type Reader, writeMoment } from './write-moment.ts'
