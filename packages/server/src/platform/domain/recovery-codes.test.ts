import { expect, it } from 'vitest'
import { toPlainCode, toRecoveryCode } from './recovery-codes.ts'

it('every bit of the ten bytes is in the code', () => {
  expect(toRecoveryCode(Buffer.alloc(10))).toBe('0000-0000-0000-0000')
  expect(toRecoveryCode(Buffer.alloc(10, 255))).toBe('ZZZZ-ZZZZ-ZZZZ-ZZZZ')
  expect(toRecoveryCode(Buffer.from('80000000000000000001', 'hex'))).toBe('G000-0000-0000-0001')
})

it('a code may be typed in small letters, without dashes, and with letters that look like digits', () => {
  expect(toPlainCode('g0o0 0000-0000-00il')).toBe('G000000000000011')
})
