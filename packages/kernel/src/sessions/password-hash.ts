import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(pbkdf2)

/** OWASP's current minimum for PBKDF2-HMAC-SHA-256; older hashes are accepted and upgraded at log-in (S1). */
export const iterations = 600_000

const saltBytes = 16
const keyBytes = 32
/** Concurrent derivations: each occupies a thread of the pool that file access and name look-ups share. */
const atOnceMax = 2

let running = 0
const waiting: (() => void)[] = []

/** Returns a PHC string: `$pbkdf2-sha256$i=ITERATIONS$SALT$HASH`, base64 without padding. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  return format(iterations, salt, await deriveInTurn(password, salt, iterations))
}

export type PasswordVerdict = { readonly matches: boolean; readonly needsRehash: boolean }

/** Compares in constant time. Throws for text that is not a hash in this format: a broken row, not a wrong password. */
export async function verifyPassword(password: string, phc: string): Promise<PasswordVerdict> {
  const [, rounds, salt, hash] =
    /^\$pbkdf2-sha256\$i=(\d{1,8})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc) ?? []
  if (rounds === undefined || salt === undefined || hash === undefined)
    throw new Error('This is not a password hash')
  const expected = Buffer.from(hash, 'base64')
  const given = await deriveInTurn(password, Buffer.from(salt, 'base64'), Number(rounds), expected.length)
  return { matches: timingSafeEqual(given, expected), needsRehash: Number(rounds) < iterations }
}

/** Does the same work for an unknown e-mail address, so that the response time does not show that it is unknown. */
export async function verifyAgainstNothing(password: string): Promise<void> {
  await deriveInTurn(password, Buffer.alloc(saltBytes), iterations)
}

async function deriveInTurn(
  password: string,
  salt: Buffer,
  rounds: number,
  length = keyBytes,
): Promise<Buffer> {
  if (running >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve))
  running += 1
  try {
    return await derive(password.normalize('NFC'), salt, rounds, length, 'sha256')
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

function format(rounds: number, salt: Buffer, hash: Buffer): string {
  const encode = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
  return `$pbkdf2-sha256$i=${rounds}$${encode(salt)}$${encode(hash)}`
}
