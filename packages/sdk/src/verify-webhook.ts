export type WebhookFault =
  | 'missing_header'
  | 'bad_timestamp'
  | 'too_old'
  | 'too_new'
  | 'bad_secret'
  | 'no_match'

/** The message is not one to act on; `code` says why. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
  readonly code: WebhookFault

  constructor(code: WebhookFault, message: string) {
    super(message)
    this.code = code
  }
}

export type VerifyWebhookOptions = {
  /** How far the time of the message may lie from now, in seconds. Default 300. */
  readonly toleranceSeconds?: number
  /** Unix seconds to take for now. */
  readonly nowSeconds?: number
}

export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

export type VerifiedWebhook = {
  /** The same on every attempt: remember it to tell a repeat. */
  readonly id: string
  readonly timestampSeconds: number
}

/**
 * Proves by Standard Webhooks that `rawBody`, exactly as it was received, was signed with `secret` (`whsec_…`) just now.
 * Throws a WebhookVerificationError when it was not. The comparison is WebCrypto's own, which takes constant time.
 */
export async function verifyWebhook(
  headers: WebhookHeaders,
  rawBody: string | Uint8Array,
  secret: string,
  { toleranceSeconds = 300, nowSeconds = Date.now() / 1000 }: VerifyWebhookOptions = {},
): Promise<VerifiedWebhook> {
  const id = readHeader(headers, 'webhook-id')
  const timestamp = readHeader(headers, 'webhook-timestamp')
  const signatures = readHeader(headers, 'webhook-signature')
  if (!/^\d{1,12}$/.test(timestamp)) throw fault('bad_timestamp', 'webhook-timestamp is not Unix seconds')
  const timestampSeconds = Number(timestamp)
  if (nowSeconds - timestampSeconds > toleranceSeconds) throw fault('too_old', 'The message is too old')
  if (timestampSeconds - nowSeconds > toleranceSeconds)
    throw fault('too_new', 'The message comes from the future')

  const content = concat(encoder.encode(`${id}.${timestamp}.`), toBytes(rawBody))
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', parseSecret(secret), algorithm, false, ['verify'])
  for (const entry of signatures.split(' ')) {
    const [version, text, ...rest] = entry.split(',')
    const signature = version === 'v1' && rest.length === 0 ? decodeBase64(text ?? '') : undefined
    if (signature !== undefined && (await crypto.subtle.verify('HMAC', key, signature, content)))
      return { id, timestampSeconds }
  }
  throw fault('no_match', 'No signature of the message is by this secret')
}

const encoder = new TextEncoder()

function readHeader(headers: WebhookHeaders, name: string): string {
  const given =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  if (typeof given !== 'string' || given === '') throw fault('missing_header', `${name} is missing`)
  return given
}

function parseSecret(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = secret.startsWith('whsec_') ? decodeBase64(secret.slice(6)) : undefined
  if (bytes === undefined || bytes.length === 0)
    throw fault('bad_secret', 'A secret is whsec_ and base64 after it')
  return bytes
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function toBytes(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? encoder.encode(body) : body
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(head.length + tail.length)
  bytes.set(head)
  bytes.set(tail, head.length)
  return bytes
}

function fault(code: WebhookFault, message: string): WebhookVerificationError {
  return new WebhookVerificationError(code, message)
}
