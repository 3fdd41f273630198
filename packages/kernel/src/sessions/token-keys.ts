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
        .setProtectedHeader({ alg: algorithm, typ: type, kid: `jwt-${keys.current}` })
        .setIssuer(issuer)
        .setAudience(audience)
        .sign(secretOf(keys.current)),
  }
}

/** The payload of a token of ours and of this type, whole, unchanged and in time; undefined for anything else. */
export async function verifyToken(
  keys: TokenKeys,
  type: string,
  requiredClaims: string[],
  text: string,
  nowMs: number,
): Promise<JWTPayload | undefined> {
  if (!isStrict(text)) return undefined
  try {
    const { payload } = await jwtVerify(text, ({ kid }) => keys.find(kid), {
      algorithms: [algorithm],
      typ: type,
      issuer,
      audience,
      currentDate: new Date(nowMs),
      requiredClaims,
    })
    // jose compares whole seconds; a token is not good for the rest of its last one.
    return payload.exp !== undefined && payload.exp * 1000 > nowMs ? payload : undefined
  } catch {
    // Every way in which jose refuses a token ends in the same refusal here.
    return undefined
  }
}

/** Three parts of canonical base64url: no padding, no blanks, no spare bits that two texts could differ in. */
function isStrict(text: string): boolean {
  const parts = text.split('.')
  return (
    parts.length === 3 &&
    parts.every((part) => part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part)
  )
}
