import { createHmac, randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { accessTokenSeconds, createAccessTokens } from './access-token.ts'

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
const tokens = createAccessTokens({
  current: 2,
  versions: new Map([
    [1, oldKey],
    [2, newKey],
  ]),
})
const issuedAtMs = Date.UTC(2026, 0, 1, 12, 0, 0, 123)
const claims = { userId: 'user-1', orgId: 'org-1', sessionId: 'session-1', tokenId: 'token-1', issuedAtMs }
const token = await tokens.sign(claims)
const [header = '', payload = '', signature = ''] = token.split('.')

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
const signBy = (key: Buffer, head: object, body: object, hash = 'sha256'): string => {
  const signed = `${encode(head)}.${encode(body)}`
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`
}
const head = { alg: 'HS256', typ: 'at+jwt', kid: 'jwt-2' }
const body = decode(payload)
const { iat, exp } = { iat: Number(body['iat']), exp: Number(body['exp']) }
const [headText, bodyText] = [JSON.stringify(head), JSON.stringify(body)]
/** Signed as it is written, whatever else it may mean. */
const signText = (headJson: string, bodyJson: string): string => {
  const signed = [headJson, bodyJson].map((text) => Buffer.from(text).toString('base64url')).join('.')
  return `${signed}.${createHmac('sha256', newKey).update(signed).digest('base64url')}`
}
/** RFC 7797: signs the payload unencoded, not in the base64url form that is sent. */
const signDetached = (): string => {
  const loose = { ...head, b64: false, crit: ['b64'] }
  const bytes = createHmac('sha256', newKey)
    .update(`${encode(loose)}.${payload}`)
    .digest('base64url')
  return `${encode(loose)}.${payload}.${bytes}`
}

it('a token of ours is read back, to the millisecond', async () => {
  expect(await tokens.verify(token, issuedAtMs)).toEqual(claims)
  // The forgeries below differ from this one in one thing each.
  expect(await tokens.verify(signBy(newKey, head, body), issuedAtMs)).toEqual(claims)
})

it('a token is good to its last millisecond, and no longer', async () => {
  const endMs = issuedAtMs + accessTokenSeconds * 1_000
  expect(await tokens.verify(token, endMs - 1)).toEqual(claims)
  expect(await tokens.verify(token, endMs)).toBeUndefined()
})

it('while keys rotate, tokens of the old one are good until it is taken away', async () => {
  const before = createAccessTokens({ current: 1, versions: new Map([[1, oldKey]]) })
  const after = createAccessTokens({ current: 2, versions: new Map([[2, newKey]]) })
  const old = await before.sign(claims)
  expect(await tokens.verify(old, issuedAtMs)).toEqual(claims)
  expect(await after.verify(old, issuedAtMs)).toBeUndefined()
})

it.each([
  ['alg none', `${encode({ ...head, alg: 'none' })}.${payload}.`],
  ['alg none under a signature', `${encode({ ...head, alg: 'none' })}.${payload}.${signature}`],
  ['another algorithm under the right key', signBy(newKey, { ...head, alg: 'HS512' }, body, 'sha512')],
  ['the key id of another key', signBy(newKey, { ...head, kid: 'jwt-1' }, body)],
  ['an unknown key id', signBy(newKey, { ...head, kid: 'jwt-3' }, body)],
  ['no key id', signBy(newKey, { alg: 'HS256', typ: 'at+jwt' }, body)],
  ['an unknown key', signBy(randomBytes(32), head, body)],
  ['another type', signBy(newKey, { ...head, typ: 'JWT' }, body)],
  ['no type', signBy(newKey, { alg: 'HS256', kid: 'jwt-2' }, body)],
  ['another issuer', signBy(newKey, head, { ...body, iss: 'elsewhere' })],
  ['another audience', signBy(newKey, head, { ...body, aud: 'elsewhere' })],
  ['no end', signBy(newKey, head, { ...body, exp: undefined })],
  ['no session', signBy(newKey, head, { ...body, sid: undefined })],
  ['an org that is no text', signBy(newKey, head, { ...body, org: 1 })],
  ['padding', `${token}=`],
  ['a blank at the end', `${token} `],
  ['a line break inside', `${header}.\n${payload}.${signature}`],
  ['a fourth part', `${token}.${signature}`],
  ['no signature', `${header}.${payload}.`],
  ['two parts', `${header}.${payload}`],
  ['nothing', ''],
])('tampered-tokens-are-refused: %s', async (_what, text) => {
  expect(await tokens.verify(text, issuedAtMs)).toBeUndefined()
})

it.each([
  ['b64: false', signDetached()],
  ['b64: true', signBy(newKey, { ...head, b64: true, crit: ['b64'] }, body)],
  ['a critical extension', signBy(newKey, { ...head, crit: ['exp'] }, body)],
  ['a header more than ours', signBy(newKey, { ...head, jku: 'https://example.com/' }, body)],
  ['a key id with a leading zero', signBy(newKey, { ...head, kid: 'jwt-02' }, body)],
  ['a type in other letters', signBy(newKey, { ...head, typ: 'AT+JWT' }, body)],
  ['the media type in full', signBy(newKey, { ...head, typ: 'application/at+jwt' }, body)],
  [
    'members of the header in another order',
    signBy(newKey, { kid: 'jwt-2', alg: 'HS256', typ: 'at+jwt' }, body),
  ],
  ['a member of the header twice', signText(headText.replace('{', '{"kid":"jwt-1",'), bodyText)],
  ['a member twice', signText(headText, bodyText.replace('{', '{"org":"org-2",'))],
  [
    'a member twice, once escaped',
    signText(headText, bodyText.replace('{', String.raw`{"\u006frg":"org-2",`)),
  ],
  ['blanks in the payload', signText(headText, bodyText.replace('{', '{ '))],
  ['a byte order mark before the payload', signText(headText, `\uFEFF${bodyText}`)],
  ['a number spelt otherwise', signText(headText, bodyText.replace(`"exp":${exp}`, `"exp":${exp}0`))],
  ['a claim more than ours', signBy(newKey, head, { ...body, role: 'owner' })],
  ['a claim named __proto__', signText(headText, bodyText.replace('}', ',"__proto__":{}}'))],
  ['an audience of several', signBy(newKey, head, { ...body, aud: ['gatehouse', 'elsewhere'] })],
  ['an audience in a list', signBy(newKey, head, { ...body, aud: ['gatehouse'] })],
  ['an end further away than a token lives', signBy(newKey, head, { ...body, exp: exp + 1 })],
  ['a beginning that lies ahead', signBy(newKey, head, { ...body, iat: iat + 61, exp: exp + 61 })],
  ['a payload that is null', signText(headText, 'null')],
  ['a payload that is a list', signText(headText, '[]')],
])('tampered-tokens-are-refused: under our own key, %s', async (_what, text) => {
  expect(await tokens.verify(text, issuedAtMs)).toBeUndefined()
})

it('tampered-tokens-are-refused: any one character changed, in any part', async () => {
  for (let at = 0; at < token.length; at += 1) {
    const changed = token.slice(0, at) + (token.charAt(at) === 'A' ? 'B' : 'A') + token.slice(at + 1)
    expect(await tokens.verify(changed, issuedAtMs), `character ${at}`).toBeUndefined()
  }
})

it('tampered-tokens-are-refused: spare bits in the last character of the signature', async () => {
  // 32 bytes leave two spare bits, so four texts decode to this signature and one of them is ours.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const twins = Array.from(alphabet)
    .map((last) => token.slice(0, -1) + last)
    .filter((text) =>
      Buffer.from(text.split('.')[2] ?? '', 'base64url').equals(Buffer.from(signature, 'base64url')),
    )
  expect(twins).toHaveLength(4)
  const read = await Promise.all(twins.map((text) => tokens.verify(text, issuedAtMs)))
  expect(read.filter((found) => found !== undefined)).toHaveLength(1)
})

it('a token that jose signs under our key for someone else is refused', async () => {
  const foreign = new SignJWT({ ...body }).setProtectedHeader(head).setAudience('elsewhere')
  expect(await tokens.verify(await foreign.sign(newKey), issuedAtMs)).toBeUndefined()
})
