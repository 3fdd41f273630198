import type { WebhookMessage } from './schemas.ts'

export type WebhookFault =
  | 'missing_header'
  | 'bad_timestamp'
  | 'too_old'
  | 'too_new'
  | 'bad_secret'
  | 'no_match'

/** The message could not be verified and must not be acted on. `code` says why. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
  readonly code: WebhookFault

  constructor(code: WebhookFault, message: string) {
    super(message)
    this.code = code
  }
}

export type VerifyWebhookOptions = {
  /** Greatest allowed difference between the message's timestamp and now, in seconds. Default 300. */
  readonly toleranceSeconds?: number
  /** The current time in Unix seconds. Default: the system clock. */
  readonly nowSeconds?: number
}

export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

export type VerifiedWebhook = {
  /** The same on every delivery attempt: store it to detect repeats. */
  readonly id: string
  readonly timestampSeconds: number
}

/** The reply of `/.well-known/gatehouse-keys.json`. */
export type PublishedKeys = {
  readonly keys: readonly {
    readonly key_id: string
    readonly algorithm: string
    /** The 32 bytes of the key, base64url without padding. */
    readonly public_key: string
  }[]
}

/** Converts the published keys for `verifyWebhook`: the current key, the next one and previous ones. */
export function toWebhookKeys({ keys }: PublishedKeys): string[] {
  return keys
    .filter(({ algorithm }) => algorithm === 'Ed25519')
    .map(({ public_key: text }) => `whpk_${text.replaceAll('-', '+').replaceAll('_', '/')}=`)
}

/**
 * Verifies a webhook message by the Standard Webhooks specification. Pass `rawBody` exactly as it was received. A
 * signature `v1` is verified with a secret (`whsec_…`), a signature `v1a` with a public key of the instance
 * (`whpk_…`). With several secrets or keys, one match is enough. Throws a WebhookVerificationError if none matches or
 * the timestamp is out of tolerance. WebCrypto compares in constant time.
 */
export async function verifyWebhook(
  headers: WebhookHeaders,
  rawBody: string | Uint8Array,
  secret: string | readonly string[],
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
  const verifiers = await Promise.all([secret].flat().map(toVerifier))
  if (verifiers.length === 0) throw fault('bad_secret', 'There is no secret and no key to verify with')
  for (const entry of signatures.split(' ')) {
    const [version, text, ...rest] = entry.split(',')
    const signature = rest.length === 0 ? decodeBase64(text ?? '') : undefined
    if (signature === undefined) continue
    for (const { version: own, algorithm, key } of verifiers)
      if (own === version && (await crypto.subtle.verify(algorithm, key, signature, content)))
        return { id, timestampSeconds }
  }
  throw fault('no_match', 'No signature of the message is by this secret')
}

/**
 * Verifies a message as `verifyWebhook` does and returns it parsed. Its `type` determines the members of `data`. A
 * newer server may send types that this version does not know: ignore those.
 */
export async function verifyWebhookMessage(
  headers: WebhookHeaders,
  rawBody: string | Uint8Array,
  secret: string | readonly string[],
  options: VerifyWebhookOptions = {},
): Promise<WebhookMessage> {
  await verifyWebhook(headers, rawBody, secret, options)
  const text = typeof rawBody === 'string' ? rawBody : new TextDecoder().decode(rawBody)
  // Safe: only the server makes what its secret signs, and it parses each message with the schema of this type.
  return JSON.parse(text) as WebhookMessage
}

type VerifyingKey = Parameters<typeof crypto.subtle.verify>[1]
type Verifier = { readonly version: string; readonly algorithm: string; readonly key: VerifyingKey }

/** A secret verifies only `v1` signatures and a public key only `v1a`, whatever version the sender claims. */
async function toVerifier(text: string): Promise<Verifier> {
  const [version, algorithm, bytes] = parseKey(text)
  const parameters = algorithm === 'HMAC' ? { name: algorithm, hash: 'SHA-256' } : algorithm
  const key = await crypto.subtle.importKey('raw', bytes, parameters, false, ['verify'])
  return { version, algorithm, key }
}

const encoder = new TextEncoder()
const publicKeyBytes = 32

function readHeader(headers: WebhookHeaders, name: string): string {
  const given =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  if (typeof given !== 'string' || given === '') throw fault('missing_header', `${name} is missing`)
  return given
}

function parseKey(
  text: string,
): readonly [version: string, algorithm: 'HMAC' | 'Ed25519', bytes: Uint8Array<ArrayBuffer>] {
  const [, kind, encoded] = /^(whsec|whpk)_(.+)$/.exec(text) ?? []
  const bytes = decodeBase64(encoded ?? '')
  if (kind === 'whsec' && bytes !== undefined) return ['v1', 'HMAC', bytes]
  if (kind === 'whpk' && bytes?.length === publicKeyBytes) return ['v1a', 'Ed25519', bytes]
  throw fault('bad_secret', 'A secret is whsec_, and a public key whpk_, with base64 after it')
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
