import { Secret } from '@gatehouse/kernel/secrets'
import { expect, it } from 'vitest'
import { signPaddle, verifyPaddleSignature } from './verify-paddle-signature.ts'

// Specification 13: the known answer.
const secret = new Secret('pdl_ntfset_01gatehouse_example_secret')
const body =
  '{"event_id":"evt_01gatehouse0000000000000001","event_type":"subscription.activated","occurred_at":"2026-01-02T03:04:05.678901Z","notification_id":"ntf_01gatehouse0000000000000001","data":{"id":"sub_01gatehouse0000000000000001","status":"active"}}'
const ts = 1_767_323_045
const h1 = '33f749bc4fae4e4f6645b569c3384fa2953a9fdc09466e61e02427aeb042cb5b'
const other = new Secret('pdl_ntfset_01another')

it('the known signature is the one that is made', () => {
  expect(signPaddle(secret, String(ts), body).toString('hex')).toBe(h1)
})

it.each<[string, string | undefined, readonly Secret[], number, boolean]>([
  ['the known signature holds', `ts=${ts};h1=${h1}`, [secret], 0, true],
  ['under the secret before', `ts=${ts};h1=${h1}`, [other, secret], 0, true],
  ['one of two signatures is enough', `ts=${ts};h1=${'0'.repeat(64)};h1=${h1}`, [secret], 0, true],
  ['parts that nobody knows are ignored', `v=2;ts=${ts};h2=x;h1=${h1}`, [secret], 0, true],
  ['five seconds late', `ts=${ts};h1=${h1}`, [secret], 5, true],
  ['more than five seconds late', `ts=${ts};h1=${h1}`, [secret], 5.001, false],
  ['more than five seconds early', `ts=${ts};h1=${h1}`, [secret], -5.001, false],
  ['two times are one too many', `ts=${ts};ts=${ts};h1=${h1}`, [secret], 0, false],
  ['another time than was signed', `ts=${ts + 1};h1=${h1}`, [secret], 0, false],
  ['another secret', `ts=${ts};h1=${h1}`, [other], 0, false],
  ['no secret', `ts=${ts};h1=${h1}`, [], 0, false],
  ['a shorter signature', `ts=${ts};h1=${h1.slice(0, 62)}`, [secret], 0, false],
  ['no signature', `ts=${ts}`, [secret], 0, false],
  ['no time', `h1=${h1}`, [secret], 0, false],
  ['no header', undefined, [secret], 0, false],
])('%s', (_promise, header, secrets, late, holds) => {
  expect(verifyPaddleSignature(header, body, secrets, (ts + late) * 1_000)).toBe(holds)
})

it('a body with one byte changed is refused', () => {
  const changed = body.replace('active"}', 'paused"}')
  expect(verifyPaddleSignature(`ts=${ts};h1=${h1}`, changed, [secret], ts * 1_000)).toBe(false)
})
