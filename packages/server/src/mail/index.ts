export { createMailer, type Mailer, type MailerOptions, type Message, type Posting } from './create-mailer.ts'
export { parseRelay, type Relay } from './parse-relay.ts'
