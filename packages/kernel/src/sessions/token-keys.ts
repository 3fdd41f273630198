import { createSecretKey, type KeyObject } from 'node:crypto'
import { type JWTPayload, jwtVerify, type SignJWT } from 'jose'
import { derivedFrom, type VersionedKeys } from '../secrets/index.ts'

export type TokenKeys = {
  readonly find: (id: string | undefined) => KeyObject
  readonly seal: (type: string, token: SignJWT) => Promise<string>
}

const algorithm = 'HS256'
const issuer = 'gatehouse'
const audience = 'gatehouse'
/** The most by which the clocks of two nodes may differ. */
const skewMsMax = 60_000

/** The keys of this server's JWTs: the key id selects the key, and the algorithm is fixed (S2). */
export function createTokenKeys(keys: VersionedKeys): TokenKeys {
  const secretOf = derivedFrom(keys, (bytes) => createSecretKey(bytes))
  const find = (id: string | undefined): KeyObject => {
    const [, version] = /^jwt-(\d{1,6})$/.exec(id ?? '') ?? []
    return secretOf(Number(version))
  }
  return {
    find,
    seal: (type, token) =>
      token
        .setProtectedHeader(toHeader(type, `jwt-${keys.current}`))
        .setIssuer(issuer)
        .setAudience(audience)
        .sign(secretOf(keys.current)),
  }
}

/** The exact form of one type of token: anything else is refused, even when it is signed with our own key. */
export type TokenShape = {
  readonly type: string
  readonly lifetimeSeconds: number
  /** The claims in the order in which `seal` writes them; issuer and audience follow. */
  readonly claims: readonly string[]
}

/**
 * The payload of a token of this form that this server made, if it is complete, unchanged and not expired; undefined
 * otherwise.
 */
export async function verifyToken(
  keys: TokenKeys,
  { type, lifetimeSeconds, claims }: TokenShape,
  text: string,
  nowMs: number,
): Promise<JWTPayload | undefined> {
  if (!isStrict(text, type, [...claims, 'iss', 'aud'])) return undefined
  try {
    const { payload } = await jwtVerify(text, ({ kid }) => keys.find(kid), {
      algorithms: [algorithm],
      typ: type,
      issuer,
      audience,
      currentDate: new Date(nowMs),
      requiredClaims: [...claims],
    })
    const { iat, exp, aud } = payload
    if (iat === undefined || exp !== iat + lifetimeSeconds || typeof aud !== 'string') return undefined
    // jose compares whole seconds; here a token expires to the millisecond.
    return exp * 1000 > nowMs && iat * 1000 <= nowMs + skewMsMax ? payload : undefined
  } catch {
    // All reasons for which jose refuses a token lead to the same refusal here.
    return undefined
  }
}

/**
 * Whether a token consists of three parts of canonical base64url: no padding, no blanks, no spare bits in which two
 * texts could differ. The header must be the one that `seal` writes, and the payload must have these members, each
 * once, as `JSON.stringify` writes them.
 */
function isStrict(text: string, type: string, members: readonly string[]): boolean {
  const parts = text.split('.')
  if (parts.length !== 3 || !parts.every((part) => part !== '' && encode(decode(part)) === part)) return false
  const [head = '', body = ''] = parts.map((part) => decode(part).toString('utf8'))
  const [, kid = ''] = /"kid":"(jwt-[1-9]\d{0,5})"/.exec(head) ?? []
  return head === JSON.stringify(toHeader(type, kid)) && isCanonical(body, members)
}

function isCanonical(json: string, members: readonly string[]): boolean {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value !== 'object' || value === null || JSON.stringify(value) !== json) return false
    return JSON.stringify(Object.keys(value)) === JSON.stringify(members)
  } catch {
    // Text that is no JSON cannot be a payload of this server.
    return false
  }
}

function toHeader(type: string, kid: string) {
  return { alg: algorithm, typ: type, kid }
}

const decode = (part: string): Buffer => Buffer.from(part, 'base64url')
const encode = (bytes: Buffer): string => bytes.toString('base64url')
