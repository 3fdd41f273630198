import { type Egress, egressDefaults, EgressError, type EgressPolicy } from '@gatehouse/kernel/egress'
import type { Html } from '@gatehouse/kernel/endpoint'
import type { NodemailerError, SMTPTransportOptions } from 'nodemailer'
import { assertThreadId, toHeaderAddress, toHeaderText } from './header-text.ts'
import type { Relay } from './parse-relay.ts'

export type Message = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: Html | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The same on every attempt, so that a receiver can drop a duplicate: `<id@host>`. */
  readonly messageId?: string | undefined
}

export type Posting =
  | { readonly outcome: 'sent'; readonly messageId: string }
  /** A temporary failure: the relay was unreachable, busy or misconfigured. */
  | { readonly outcome: 'retry'; readonly because: string }
  /** A permanent failure: the relay refused this message or address. */
  | { readonly outcome: 'failed'; readonly because: string }

export type Mailer = {
  /** False when no mail server is configured; operations that need one must say so. */
  readonly isConfigured: boolean
  readonly send: (message: Message, signal?: AbortSignal) => Promise<Posting>
}

export type MailerOptions = {
  readonly relay: Relay | undefined
  /** `Gatehouse <gatehouse@example.com>` */
  readonly from: string
  readonly egress: Egress
}

const deadlineMs = 30_000

const threadHeaders: ReadonlySet<string> = new Set(['in-reply-to', 'references', 'message-id'])

const egressPolicy: EgressPolicy = {
  ...egressDefaults,
  userAgent: 'Gatehouse',
  schemes: ['tcp'],
  mailPorts: true,
  operatorConfigured: true,
}

/** Sends mail through the operator's relay, over sockets that the kernel's egress opens. */
export function createMailer({ relay, from, egress }: MailerOptions): Mailer {
  if (relay === undefined) {
    return {
      isConfigured: false,
      send: async () => ({ outcome: 'retry', because: 'no mail server is configured' }),
    }
  }
  // Loaded with the first mail instead of at the start.
  const openTransport = async () => {
    const { createTransport } = await import('nodemailer')
    return createTransport(toTransportOptions(relay, egress), { from })
  }
  let opened: ReturnType<typeof openTransport> | undefined
  return {
    isConfigured: true,
    send: async ({ to, subject, text, html, headers = {}, messageId }, signal) => {
      if (messageId !== undefined) assertThreadId(messageId)
      const ownHeaders = toHeaders(headers)
      const deadline = AbortSignal.timeout(deadlineMs)
      try {
        const transport = await (opened ??= openTransport())
        const sent = await transport.sendMail({
          // Given as an object, the address is one recipient, whatever commas or brackets it contains.
          to: { name: '', address: toHeaderAddress(to) },
          subject: toHeaderText(subject),
          text,
          ...(html === undefined ? {} : { html: html.markup }),
          headers: ownHeaders,
          ...(messageId === undefined ? {} : { messageId }),
          signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        return { outcome: 'sent', messageId: sent.messageId }
      } catch (error) {
        return judgeMailError(error)
      }
    },
  }
}

function toHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (!threadHeaders.has(name.toLowerCase())) return [name, toHeaderText(value)]
      assertThreadId(value)
      return [name, value]
    }),
  )
}

function toTransportOptions(relay: Relay, egress: Egress): SMTPTransportOptions {
  const { hostname, port, implicitTls, credentials } = relay
  return {
    host: hostname,
    port,
    secure: implicitTls,
    // Credentials are never sent unencrypted.
    requireTLS: credentials !== undefined && !implicitTls,
    ...(credentials === undefined
      ? {}
      : { auth: { user: credentials.user, pass: credentials.password.reveal() } }),
    getSocket: (_options, callback) => {
      egress
        .openConnection({ target: { scheme: 'tcp', hostname, port }, policy: egressPolicy })
        .then(({ socket }) => callback(null, { connection: socket }))
        .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error))))
    },
  }
}

/**
 * Judges a failed attempt: a permanent refusal of envelope or message is final; anything else may be different next
 * time.
 */
export function judgeMailError(error: unknown): Exclude<Posting, { outcome: 'sent' }> {
  if (error instanceof EgressError) return { outcome: 'retry', because: error.code }
  // Safe: every member read is optional, and nodemailer sets them on the errors it throws.
  const { code, responseCode } = error as NodemailerError
  const because = [code ?? 'unknown', responseCode].filter((part) => part !== undefined).join(' ')
  const aboutThisMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  const permanent = responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500
  return { outcome: aboutThisMail && permanent ? 'failed' : 'retry', because }
}
