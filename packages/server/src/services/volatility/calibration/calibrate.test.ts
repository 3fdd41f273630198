import { describe, expect, it } from 'vitest'
import { entrantNames } from '../domain/contest.ts'
import { drawBars } from '../fixtures/drawn-bars.ts'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { calibrate, type CalibrationInput, type CalibrationMemory } from './calibrate.ts'

const drawn: CalibrationInput = {
  name: 'drawn',
  timeframe: '1m',
  bars: drawBars('1m', 4 * 1_440, 5),
  trainDays: 2,
  testDays: 1,
  entrants: entrantNames,
  movedStarts: [],
}

function memory(): CalibrationMemory & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>()
  return {
    kept,
    load: async (key) => kept.get(key),
    save: async (key, results) => void kept.set(key, results),
    forget: async (key) => void kept.delete(key),
  }
}

describe('calibration-is-identical-for-any-worker-count', () => {
  it('one thread and three write the same bytes, and so does a run that was interrupted', async () => {
    const first = JSON.stringify(await calibrate(drawn, { workers: 1 }))
    expect(JSON.stringify(await calibrate(drawn, { workers: 3 }))).toBe(first)

    const kept = memory()
    const asked = new AbortController()
    const interrupted = calibrate(drawn, {
      workers: 2,
      memory: kept,
      signal: asked.signal,
      onProgress: ({ done, of }) => done > of / 2 && asked.abort(new Error('enough')),
    })
    await expect(interrupted).rejects.toThrow('enough')
    expect(kept.kept.size).toBe(1)
    const befores = new Set<number>()
    const resumed = await calibrate(drawn, {
      workers: 1,
      memory: kept,
      onProgress: ({ before }) => befores.add(before),
    })
    expect(JSON.stringify(resumed)).toBe(first)
    expect([...befores].every((before) => before > 0)).toBe(true)
    expect(kept.kept.size).toBe(0)
  })

  it('what another input left behind is not taken', async () => {
    const kept = memory()
    const asked = new AbortController()
    const stop = { workers: 1, memory: kept, signal: asked.signal }
    const interrupted = calibrate(drawn, { ...stop, onProgress: ({ done }) => done > 0 && asked.abort() })
    await expect(interrupted).rejects.toThrow('aborted')
    const befores = new Set<number>()
    const few = { ...drawn, entrants: ['published-fixed', 'hmm-2'] as const }
    await calibrate(few, { workers: 2, memory: kept, onProgress: ({ before }) => befores.add(before) })
    expect([...befores]).toEqual([0])
  })
})

it('too few days are refused, and how many there are is said', async () => {
  await expect(calibrate({ ...drawn, trainDays: 4 }, { workers: 1 })).rejects.toThrow('there are 4.0 days')
})

describe.runIf(isMarketDataThere)('the report of the known month', () => {
  it('has the figures of specification 7.7', async () => {
    const report = await calibrate(
      {
        name: 'december',
        timeframe: '1m',
        bars: readMarketBars('1m'),
        trainDays: 14,
        testDays: 5,
        entrants: ['published-fixed', 'published', 'har-gk', 'always-normal'],
        movedStarts: [],
      },
      { workers: 2 },
    )
    expect(report.labels).toEqual({
      levels: { q10: expect.closeTo(0.2200045075, 9), q90: expect.closeTo(0.7718681151, 9) },
      global: [4_146, 33_163, 4_146],
      local: [5_153, 30_077, 5_025],
    })
    expect(
      report.builtIn.map(({ preset, global, alertsPerDay }) => [preset, global.macroF1, alertsPerDay]),
    ).toEqual([
      ['conservative', expect.closeTo(0.404961689, 9), expect.closeTo(2.639971, 6)],
      ['balanced', expect.closeTo(0.434182644, 9), expect.closeTo(5.59257, 6)],
      ['aggressive', expect.closeTo(0.452564037, 9), expect.closeTo(14.241949, 6)],
    ])
    const [published] = report.inSample
    expect(
      Object.values(published?.presets ?? {}).map((best) => [best?.macroF1, best?.alertsPerDay]),
    ).toEqual([
      [expect.closeTo(0.47651419, 9), expect.closeTo(3.682065, 6)],
      [expect.closeTo(0.475910426, 9), expect.closeTo(7.468339, 6)],
      [expect.closeTo(0.46460089, 9), expect.closeTo(8.093595, 6)],
    ])
    const scoresAt = (kind: 'global' | 'local') =>
      Object.fromEntries(
        (
          report.contests.find(({ labels, alertsPerDayMost }) => labels === kind && alertsPerDayMost === 5.6)
            ?.entrants ?? []
        ).map(({ name, scores }) => [name, scores.macroF1]),
      )
    const near = (value: number): unknown => expect.closeTo(value, 2)
    expect(scoresAt('global')).toEqual({
      'always-normal': near(0.296),
      'published-fixed': near(0.443),
      published: near(0.457),
      'har-gk': near(0.732),
    })
    expect(scoresAt('local')).toMatchObject({
      'always-normal': near(0.288),
      'published-fixed': near(0.497),
      published: near(0.531),
      'har-gk': near(0.456),
    })
    const contest = report.contests.find(({ alertsPerDayMost }) => alertsPerDayMost === 5.6)
    expect(contest?.winner).not.toBe('published-fixed')
    expect(contest?.sentence).toContain('the default loses')
  })
})
