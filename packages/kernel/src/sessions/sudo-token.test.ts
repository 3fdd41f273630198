import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAccessTokens } from './access-token.ts'
import { createSudoTokens } from './sudo-token.ts'

const keys = { current: 1, versions: new Map([[1, randomBytes(32)]]) }
const sudo = createSudoTokens(keys)
const person = { userId: 'user-1', sessionId: 'session-1' }
const issuedAtMs = 1_700_000_000_000

describe('a fresh proof of who you are', () => {
  it('holds for 15 minutes and not a millisecond longer', async () => {
    const token = await sudo.sign({ ...person, issuedAtMs })
    expect(await sudo.verify(token, person, issuedAtMs + 899_999)).toBe(true)
    expect(await sudo.verify(token, person, issuedAtMs + 900_000)).toBe(false)
  })

  it('holds for its own session and person alone', async () => {
    const token = await sudo.sign({ ...person, issuedAtMs })
    expect(await sudo.verify(token, { ...person, sessionId: 'session-2' }, issuedAtMs)).toBe(false)
    expect(await sudo.verify(token, { ...person, userId: 'user-2' }, issuedAtMs)).toBe(false)
  })

  it('is no access token, and an access token is no such proof', async () => {
    const access = createAccessTokens(keys)
    const claims = { ...person, orgId: 'org-1', tokenId: 'token-1', issuedAtMs }
    expect(await sudo.verify(await access.sign(claims), person, issuedAtMs)).toBe(false)
    expect(await access.verify(await sudo.sign({ ...person, issuedAtMs }), issuedAtMs)).toBeUndefined()
  })

  it.each([
    ['a claim more than ours', { org: 'org-1' }],
    ['an end further away', { exp: issuedAtMs / 1000 + 901 }],
    ['an audience in a list', { aud: ['gatehouse'] }],
  ])('is refused for %s, though under our own key', async (_what, change) => {
    const [head = '', body = ''] = (await sudo.sign({ ...person, issuedAtMs })).split('.')
    const payload = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), ...change }
    const signed = `${head}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`
    const key = keys.versions.get(1) ?? ''
    const token = `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
    expect(await sudo.verify(token, person, issuedAtMs)).toBe(false)
  })

  it('is refused once a byte has changed', async () => {
    const token = await sudo.sign({ ...person, issuedAtMs })
    const changed = token.slice(0, -2) + (token.endsWith('AA') ? 'BA' : 'AA')
    expect(await sudo.verify(changed, person, issuedAtMs)).toBe(false)
  })
})
