import { expect, it } from 'vitest'
import { leaveOut } from './leave-out.ts'

const isHidden = (name: string): boolean => name === 'ltcusdt' || name === 'ethusdt'

it.each<[string, object, object | undefined]>([
  ['a list of names', { symbols: ['btcusdt', 'ltcusdt'] }, { symbols: ['btcusdt'] }],
  ['a list of which nothing is left stays', { symbols: ['ltcusdt'] }, { symbols: [] }],
  [
    'entries, whichever member names it',
    { a: [{ follower: 'ltcusdt', n: 1 }, { other: 'btcusdt' }] },
    { a: [{ other: 'btcusdt' }] },
  ],
  [
    'an entry that names it deep within',
    { log: [{ payload: { symbol: 'ethusdt' } }, { payload: null }] },
    { log: [{ payload: null }] },
  ],
  [
    'an entry with a list of others too',
    {
      log: [{ events: [{ symbol: 'ethusdt' }, { symbol: 'btcusdt' }] }, { events: [{ symbol: 'ethusdt' }] }],
    },
    { log: [{ events: [{ symbol: 'btcusdt' }] }] },
  ],
  ['an entry whose lists were empty stays', { log: [{ attempts: [] }] }, { log: [{ attempts: [] }] }],
  ['names of members', { peers: { btcusdt: 1, ltcusdt: 0.5 } }, { peers: { btcusdt: 1 } }],
  ['pairs of figures under names', { ci: { ltcusdt: [0, 1], btcusdt: [0, 1] } }, { ci: { btcusdt: [0, 1] } }],
  ['an object that is about it', { symbol: 'ltcusdt', close: 1 }, undefined],
  ['an object within that is about it', { event: { symbol: 'ltcusdt' } }, undefined],
  ['a text that only speaks of it', { detail: 'ltcusdt is high' }, { detail: 'ltcusdt is high' }],
])('%s', (_what, value, left) => {
  expect(leaveOut(value as Readonly<Record<string, unknown>>, isHidden)).toEqual(left)
})
