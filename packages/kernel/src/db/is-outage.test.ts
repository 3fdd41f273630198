import { expect, it } from 'vitest'
import { isOutage } from './is-outage.ts'

const withCode = (code: string): Error => Object.assign(new Error('it failed'), { code })

it.each([
  ['53100', 'the disk is full'],
  ['53200', 'out of memory'],
  ['53300', 'too many connections'],
  ['08006', 'the connection failed'],
  ['57P01', 'shut down by the administrator'],
  ['57P02', 'a crash'],
  ['57P03', 'starting up'],
  ['57014', 'a statement took too long'],
  ['58030', 'the disk cannot be read'],
  ['25006', 'read-only'],
  ['ECONNREFUSED', 'nobody listens'],
  ['ENOSPC', 'our own disk is full'],
])('%s is an outage: %s', (code) => expect(isOutage(withCode(code))).toBe(true))

it.each([
  ['23505', 'a value that exists'],
  ['42601', 'a statement that cannot be read'],
  ['22P02', 'a value that cannot be read'],
  ['40001', 'two transactions in each other’s way'],
  ['ERR_INVALID_ARG_TYPE', 'a slip of ours'],
])('%s is none: %s', (code) => expect(isOutage(withCode(code))).toBe(false))

it('the driver has sentences in place of codes', () => {
  expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true)
  expect(isOutage(new Error('timeout exceeded when trying to connect'))).toBe(true)
  expect(isOutage(new Error('Cannot read properties of undefined'))).toBe(false)
})

it('a cause counts, and a circle of causes ends', () => {
  expect(isOutage(new Error('A keyed request failed', { cause: withCode('53100') }))).toBe(true)
  const circle = new Error('round')
  circle.cause = circle
  expect(isOutage(circle)).toBe(false)
  expect(isOutage('53100')).toBe(false)
})
