import { Secret } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { judgeTotp, newTotp } from './judge-totp.ts'

// RFC 6238 appendix B, SHA-1; six digits are the last six of its eight.
const secret = Secret.fromUTF8('12345678901234567890').base32

describe('the published vectors', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %i the code is %s', (second, code) => {
    expect(judgeTotp(secret, code, 0, second * 1000)).toEqual({
      accepted: true,
      step: Math.floor(second / 30),
    })
  })
})

describe('a code', () => {
  const code = '287082'
  const step = 1
  const at = (second: number) => judgeTotp(secret, code, 0, second * 1000).accepted

  it('is good one step before its own and one after, and no further', () => {
    expect([0, 29, 30, 59, 60, 89].map(at)).toEqual([true, true, true, true, true, true])
    expect([90, 120].map(at)).toEqual([false, false])
    const later = '050471'
    const laterStep = 1_111_111_111 - (1_111_111_111 % 30)
    expect(judgeTotp(secret, later, 0, (laterStep - 30) * 1000).accepted).toBe(true)
    expect(judgeTotp(secret, later, 0, (laterStep - 30) * 1000 - 1).accepted).toBe(false)
  })

  it('is refused once its step, or a later one, was used', () => {
    expect(judgeTotp(secret, code, step - 1, 59_000)).toEqual({ accepted: true, step })
    expect(judgeTotp(secret, code, step, 59_000)).toEqual({ accepted: false, reason: 'used_code' })
    expect(judgeTotp(secret, code, step + 1, 59_000)).toEqual({ accepted: false, reason: 'used_code' })
  })

  it('of other digits is wrong', () => {
    expect(judgeTotp(secret, '287083', 0, 59_000)).toEqual({ accepted: false, reason: 'wrong_code' })
  })
})

it('an app reads secret, account and issuer from the link', () => {
  const { secret: made, otpauthUri } = newTotp(Buffer.alloc(20, 7), 'ann@example.com', 'Gatehouse')
  const url = new URL(otpauthUri)
  expect(url.protocol).toBe('otpauth:')
  expect(url.searchParams.get('secret')).toBe(made)
  expect(url.searchParams.get('issuer')).toBe('Gatehouse')
  expect(made).toHaveLength(32)
})
