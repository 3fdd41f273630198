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
/** How far the clocks of two nodes may lie apart. */
const skewMsMax = 60_000

/** The keys under which this server's JWTs stand: the key id chooses the key, and the algorithm is fixed (S2). */
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

/** What a token of one type looks like, to the letter: anything else under our own key is refused as well. */
export type TokenShape = {
  readonly type: string
  readonly lifetimeSeconds: number
  /** In the order in which `seal` writes them; issuer and audience follow. */
  readonly claims: readonly string[]
}

/** The payload of a token of ours and of this shape, whole, unchanged and in time; undefined for anything else. */
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
    // jose compares whole seconds; a token is not good for the rest of its last one.
    return exp * 1000 > nowMs && iat * 1000 <= nowMs + skewMsMax ? payload : undefined
  } catch {
    // Every way in which jose refuses a token ends in the same refusal here.
    return undefined
  }
}

/**
 * Three parts of canonical base64url: no padding, no blanks, no spare bits that two texts could differ in. The header
 * is the one that `seal` writes, and the payload holds these members, each once, as `JSON.stringify` writes them.
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
    // Text that is no JSON is no payload of ours.
    return false
  }
}

function toHeader(type: string, kid: string) {
  return { alg: algorithm, typ: type, kid }
}

const decode = (part: string): Buffer => Buffer.from(part, 'base64url')
const encode = (bytes: Buffer): string => bytes.toString('base64url')
