export { createMailer, type Mailer, type Message, type Posting } from './create-mailer.ts'
export { parseRelay } from './parse-relay.ts'
