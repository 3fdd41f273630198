import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exitCodes, type Terminal } from './command.ts'
import { commands } from './commands/index.ts'
import { run } from './run.ts'

const hourMs = 3_600_000
const header = 'open_time_ms,open,high,low,close,volume'
const bars = Array.from({ length: 40 * 24 }, (_, bar) => {
  const [open, close] = [bar, bar + 1].map((at) => 100 + Math.sin(at * at) * (at % 200 > 150 ? 2 : 0.2))
  const [low, high] = [Math.min(open ?? 0, close ?? 0), Math.max(open ?? 0, close ?? 0)]
  return [Date.UTC(2024, 0, 1) + bar * hourMs, open, high, low, close, 1].join(',')
})

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-calibrate-'))
  await writeFile(join(folder, 'bars.csv.gz'), gzipSync([header, ...bars].join('\n')))
})
afterAll(() => rm(folder, { recursive: true }))

async function calibrate(
  more: readonly string[],
  onProgress: (text: string, asked: AbortController) => void = () => undefined,
  file = 'bars.csv.gz',
) {
  const written = { out: '', note: '', progress: '' }
  const asked = new AbortController()
  const terminal: Terminal = {
    env: {},
    folder,
    out: (text) => void (written.out += text),
    note: (text) => void (written.note += text),
    progress: (text) => {
      written.progress += text
      onProgress(text, asked)
    },
    interruption: () => asked.signal,
    input: Readable.from([]),
  }
  const argv = ['volatility', 'calibrate', '--file', file, '--timeframe', '1h']
  const code = await run({ commands, version: '1.2.3' }, [...argv, ...more], terminal)
  return { code, ...written }
}

const short = ['--train-days', '20', '--test-days', '10']

it('a file is calibrated without a server: the winners on standard output, progress on standard error', async () => {
  const { code, out, progress } = await calibrate(short)
  expect(code).toBe(exitCodes.done)
  expect(out).toContain('Out of sample: train 20 days, test 10, 2 folds')
  expect(out).toContain("Against the month's own levels, at 5.6 alerts a day at most")
  expect(out).toContain('always-normal')
  expect(progress).toMatch(/\d+\/\d+ combinations, \d+\/s, \d+ s left/)
})

it('what was interrupted goes on, and says the same as what was not', async () => {
  const args = [...short, '--method', 'published', '--workers', '1', '--out', 'made']
  const stopped = await calibrate(args, (_text, asked) => asked.abort(new Error('Interrupted')))
  expect([stopped.code, stopped.out]).toEqual([exitCodes.interrupted, ''])
  expect(stopped.note).toContain('the same command goes on from here')
  const whole = await calibrate([...args, '--json'])
  expect(whole.code).toBe(exitCodes.done)
  expect(await readdir(join(folder, 'made'))).toEqual(['bars-1h.json'])
  expect(await readFile(join(folder, 'made', 'bars-1h.json'), 'utf8')).toBe(whole.out)
  expect((await calibrate([...short, '--method', 'published', '--json'])).out).toBe(whole.out)
})

it.each([
  [['--timeframe', '3m'], '--timeframe must be 1m, 5m, 15m, 1h, 4h or 1d', exitCodes.misused],
  [['--apply'], '--apply needs --symbols', exitCodes.misused],
  [['--symbols', 'btcusdt'], 'give one of --symbols, --file, --proposals', exitCodes.misused],
  [['--workers', '0'], '--workers must be a whole number above 0', exitCodes.misused],
  [['--method', 'astrology'], '--method is all or one of', exitCodes.failed],
  [['--train-days', '41'], 'there are 40.0 days', exitCodes.failed],
  [['--timeframe', '4h'], 'Bar 2 of 4h cannot be used: off_grid', exitCodes.failed],
])('%s is refused by name', async (args, sentence, code) => {
  const refused = await calibrate(args)
  expect([refused.code, refused.out]).toEqual([code, ''])
  expect(refused.note).toContain(sentence)
})

it.each([
  ['a column that is not there', header.replace('low,', ''), 'has no column low'],
  ['a cell that is no number', `${header}\n0,1,1,1,x,1`, 'line 2: close is no number'],
  ['a file without bars', header, 'There are no bars'],
])('%s is named', async (_promise, text, sentence) => {
  await writeFile(join(folder, 'wrong.csv'), text)
  const refused = await calibrate(short, undefined, 'wrong.csv')
  expect(refused.code).toBe(exitCodes.failed)
  expect(refused.note).toContain(sentence)
})
