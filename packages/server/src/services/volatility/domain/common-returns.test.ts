import { describe, expect, it } from 'vitest'
import { type CloseColumns, commonReturns } from './common-returns.ts'

const minute = 60_000

function columnsOf(
  symbol: string,
  minutes: readonly number[],
  closeOf: (minute: number) => number,
  isStale = false,
): CloseColumns {
  return {
    symbol,
    openMs: Float64Array.from(minutes, (at) => at * minute),
    closes: Float64Array.from(minutes, closeOf),
    isStale,
  }
}

const upTo = (last: number): readonly number[] => Array.from({ length: last + 1 }, (_, at) => at)
const wave = (at: number): number => 100 + Math.sin(at)

describe('correlation-leaves-out-holes-and-flat-series: which symbols have a window', () => {
  it('it ends with the newest bar that all have that are not stale', () => {
    const { lastOpenMs, kept, excluded } = commonReturns(
      [
        columnsOf('a', upTo(31), wave),
        columnsOf('b', upTo(30), wave),
        columnsOf('old', upTo(3), wave, true),
        columnsOf('empty', [], wave),
      ],
      minute,
      20,
    )
    expect(lastOpenMs).toBe(30 * minute)
    expect(kept.map(({ symbol, returns }) => [symbol, returns.length])).toEqual([
      ['a', 20],
      ['b', 20],
    ])
    expect(kept[0]?.returns).toEqual(kept[1]?.returns)
    expect(excluded).toEqual([
      { symbol: 'old', reason: 'stale' },
      { symbol: 'empty', reason: 'no_bars' },
    ])
  })

  it('a missing bar leaves its symbol out until the window has passed it, and so does standing still', () => {
    const excludedAt = (last: number) =>
      commonReturns(
        [
          columnsOf('whole', upTo(last), wave),
          columnsOf(
            'torn',
            upTo(last).filter((at) => at !== 40),
            wave,
          ),
          columnsOf('flat', upTo(last), () => 7),
        ],
        minute,
        20,
      ).excluded.map(({ symbol, reason }) => `${symbol} ${reason}`)
    expect(excludedAt(39)).toEqual(['flat flat'])
    expect(excludedAt(41)).toEqual(['torn hole', 'flat flat'])
    expect(excludedAt(60)).toEqual(['torn hole', 'flat flat'])
    expect(excludedAt(61)).toEqual(['flat flat'])
  })
})
