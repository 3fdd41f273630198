import { describe, expect, it } from 'vitest'
import type { Bar } from './combine-bars.ts'
import { isSuspect, judgeBar } from './judge-bar.ts'

const openMs = Date.UTC(2024, 0, 1)
const now = openMs + 60_000
const good: Bar = {
  openMs,
  open: 10,
  high: 12,
  low: 9,
  close: 11,
  volume: 0,
  quoteVolume: null,
  trades: null,
}

describe('running-bars-never-count', () => {
  it('a bar is taken from two seconds before its end on the clock of its venue', () => {
    expect(judgeBar('1m', good, now - 2_000)).toBeUndefined()
    expect(judgeBar('1m', good, now - 2_001)).toBe('not_closed')
    expect(judgeBar('1m', good, openMs - 1)).toBe('from_the_future')
  })
})

describe('a bar that cannot be is refused', () => {
  it.each([
    [{ openMs: openMs + 1 }, 'off_grid'],
    [{ openMs: openMs + 0.5 }, 'off_grid'],
    [{ openMs: Number.NaN }, 'off_grid'],
    [{ openMs: Date.UTC(2009, 11, 31, 23, 59) }, 'too_old'],
    [{ low: 0 }, 'price_not_positive'],
    [{ close: Number.NaN }, 'price_not_positive'],
    [{ high: Number.POSITIVE_INFINITY }, 'price_not_positive'],
    [{ open: -10 }, 'price_not_positive'],
    [{ low: 10.5 }, 'prices_out_of_order'],
    [{ high: 10.9 }, 'prices_out_of_order'],
    [{ volume: -1 }, 'bad_volume'],
    [{ volume: Number.NaN }, 'bad_volume'],
    [{ quoteVolume: Number.POSITIVE_INFINITY }, 'bad_volume'],
    [{ trades: -1 }, 'bad_volume'],
  ] as const)('%o: %s', (changed, fault) => {
    expect(judgeBar('1m', { ...good, ...changed }, now)).toBe(fault)
  })

  it('a minute without trades is a bar like any other', () => {
    expect(
      judgeBar('1m', { ...good, open: 11, high: 11, low: 11, trades: 0, quoteVolume: 0 }, now),
    ).toBeUndefined()
  })
})

it('a close that is more than e times the one before, or less than its e-th part, is held until it was told again', () => {
  expect(isSuspect(100, 100 * Math.E - 0.001)).toBe(false)
  expect(isSuspect(100, 100 * Math.E + 0.001)).toBe(true)
  expect(isSuspect(100, 100 / Math.E - 0.001)).toBe(true)
})
