import type { WebhookMessage } from './schemas.ts'

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

/** What `/.well-known/gatehouse-keys.json` answers. */
export type PublishedKeys = {
  readonly keys: readonly {
    readonly key_id: string
    readonly algorithm: string
    /** The 32 bytes, base64url without padding. */
    readonly public_key: string
  }[]
}

/** The published keys as `verifyWebhook` takes them. One that is to sign soon and those of before are among them. */
export function toWebhookKeys({ keys }: PublishedKeys): string[] {
  return keys
    .filter(({ algorithm }) => algorithm === 'Ed25519')
    .map(({ public_key: text }) => `whpk_${text.replaceAll('-', '+').replaceAll('_', '/')}=`)
}

/**
 * Proves by Standard Webhooks that `rawBody`, exactly as it was received, was signed just now: `v1` with a secret
 * (`whsec_…`), or `v1a` by the instance, whose public key (`whpk_…`) is no secret. Of several, one must match. Throws a
 * WebhookVerificationError when none does. The comparison is WebCrypto's own, which takes constant time.
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
 * The message of one of the organisation's webhooks, once `verifyWebhook` has proven it: which members `data` has follows
 * from its `type`. A newer server may tell of more than this version knows, so pass over what you do not expect.
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

/** A secret proves `v1` and a public key `v1a`, and neither the other, whatever a sender says. */
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
