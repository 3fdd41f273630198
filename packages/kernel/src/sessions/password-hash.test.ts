import { pbkdf2Sync } from 'node:crypto'
import { expect, it } from 'vitest'
import { isWycheproofMissing, readWycheproof } from '../testing/index.ts'
import { judgePassword } from './judge-password.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'

const toPhc = (rounds: number, salt: Buffer, hash: Buffer): string => {
  const encode = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
  return `$pbkdf2-sha256$i=${rounds}$${encode(salt)}$${encode(hash)}`
}

it('a hash holds its own salt and figures, and only its password matches', async () => {
  const phc = await hashPassword('correct horse')
  expect(phc).toMatch(/^\$pbkdf2-sha256\$i=600000\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await hashPassword('correct horse')).not.toBe(phc)
  expect(await verifyPassword('correct horse', phc)).toEqual({ matches: true, needsRehash: false })
  expect(await verifyPassword('correct horsf', phc)).toEqual({ matches: false, needsRehash: false })
})

it('an old hash of 100,000 rounds still matches, and asks to be renewed', async () => {
  const salt = Buffer.alloc(16, 5)
  const old = toPhc(100_000, salt, pbkdf2Sync('correct horse', salt, 100_000, 32, 'sha256'))
  expect(await verifyPassword('correct horse', old)).toEqual({ matches: true, needsRehash: true })
})

it.each([
  '',
  'plain',
  '$argon2id$v=19$m=1$AAAA$AAAA',
  '$pbkdf2-sha256$i=0x10$AAAA$AAAA',
  '$pbkdf2-sha256$i=1$$AAAA',
])('text that is no hash of ours is a broken row: %j', async (phc) => {
  await expect(verifyPassword('correct horse', phc)).rejects.toThrow('not a password hash')
})

type Vector = {
  tcId: number
  password: string
  salt: string
  iterationCount: number
  dkLen: number
  dk: string
}

it.skipIf(isWycheproofMissing)('Project Wycheproof agrees on PBKDF2-HMAC-SHA-256', async () => {
  const testGroups = readWycheproof('pbkdf2_hmacsha256_test') as readonly {
    readonly tests: readonly Vector[]
  }[]
  let proven = 0
  for (const { tcId, password, salt, iterationCount, dk } of testGroups.flatMap(({ tests }) => tests)) {
    const bytes = Buffer.from(password, 'hex')
    const text = bytes.toString('utf8')
    // People type text; vectors whose bytes are no UTF-8 in normal form cannot be typed.
    if (!Buffer.from(text.normalize('NFC')).equals(bytes) || salt === '') continue
    const phc = toPhc(iterationCount, Buffer.from(salt, 'hex'), Buffer.from(dk, 'hex'))
    expect((await verifyPassword(text, phc)).matches, `test ${tcId}`).toBe(true)
    proven += 1
  }
  expect(proven).toBeGreaterThan(30)
})

it.each([
  ['seven characters', 'x9!kq2z', false],
  ['eight characters', 'x9!kq2zv', true],
  ['128 characters', 'x9!kq2zv'.repeat(16), true],
  ['129 characters', `${'x9!kq2zv'.repeat(16)}a`, false],
  ['eight characters beyond the basic plane', '🦊🐙🦉🐢🦀🐝🦔🐬', true],
  ['blanks and any other character', ' 　ぱすわーど ', true],
  ['a common password', 'password', false],
  ['a common password in capitals', 'PASSWORD', false],
])('a password of %s', (_what, password, accepted) =>
  expect(judgePassword(password)).toMatchObject({ accepted }),
)
