import { expect, it } from 'vitest'
import { type HeldKeys, judgeKeys, type KeyCheck, type KeyFault, toKeyCheck } from './judge-keys.ts'

const [one, two, three] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte))
if (one === undefined || two === undefined || three === undefined) throw new Error('There are three')

const held = (...keys: readonly Buffer[]): HeldKeys =>
  new Map([
    ['pepper', { current: keys.length, versions: new Map(keys.map((key, index) => [index + 1, key])) }],
  ])
const none: HeldKeys = new Map([['pepper', undefined]])
const known = (version: number, key: Buffer, isRetired = false): KeyCheck => ({
  ...toKeyCheck('pepper', version, key),
  isRetired,
})
const ofOther: KeyCheck = { ...toKeyCheck('jwt-key', 1, three), isRetired: false }

it.each<[promise: string, checks: readonly KeyCheck[], held: HeldKeys, isUsed: boolean, faults: KeyFault[]]>([
  ['a new database takes any key', [], held(one), false, []],
  ['a new database may get a key', [], none, false, []],
  ['a database of before the checks takes the keys that are there', [], held(one), true, []],
  ['a database of before the checks gets no new key', [], none, true, [{ name: 'pepper', fault: 'missing' }]],
  ['the same key is taken', [known(1, one)], held(one), true, []],
  ['a key that is missing is named', [known(1, one)], none, true, [{ name: 'pepper', fault: 'missing' }]],
  ['a key with a new version is taken', [known(1, one)], held(one, two), true, []],
  ['a key that is needed by nothing may be missing', [known(1, one, true)], none, true, []],
  ['a kind of key that the database does not know may be made', [ofOther], none, true, []],
  [
    'a version that is missing is named',
    [known(1, one), known(2, two)],
    held(one),
    true,
    [{ name: 'pepper', version: 2, fault: 'missing' }],
  ],
  ['a version that was retired may be missing', [known(1, one), known(2, two, true)], held(one), true, []],
  [
    'another key under the same version is named',
    [known(1, one)],
    held(three),
    true,
    [{ name: 'pepper', version: 1, fault: 'other' }],
  ],
  [
    'and so is one under a version that was retired',
    [known(1, one, true), known(2, two)],
    held(three, two),
    true,
    [{ name: 'pepper', version: 1, fault: 'other' }],
  ],
])('%s', (_promise, checks, keys, isUsed, faults) => {
  expect(judgeKeys(checks, keys, isUsed)).toEqual(faults)
})

it('a check value is of its key, name and version alone, and shows no part of the key', () => {
  const values = [
    toKeyCheck('pepper', 1, one),
    toKeyCheck('pepper', 2, one),
    toKeyCheck('jwt-key', 1, one),
    toKeyCheck('pepper', 1, two),
  ].map(({ value }) => value)
  expect(new Set(values).size).toBe(4)
  // HMAC-SHA-256 under 32 bytes of 1, as openssl computes it.
  expect(values[0]).toBe('f63a9d2cfd4142c3dfbbef9ee6d5a94b')
})
