import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readSymbolsFile } from './read-symbols-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-symbols-'))
})
afterAll(() => rm(folder, { recursive: true }))

const pepe = { symbol: 'pepeusdt', kind: 'spot', venues: { binance: 'PEPEUSDT', bybit: 'PEPEUSDT' } }
const perp = {
  symbol: 'btcusdt-perp',
  kind: 'perp',
  venues: { binance: 'BTCUSDT', coinbase: 'BTC-PERP-INTX', bybit: 'BTCUSDT' },
  primary: 'bybit',
}

async function read(document: unknown): Promise<string | ReturnType<typeof readSymbolsFile>> {
  const file = join(folder, 'symbols.json')
  await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document))
  try {
    return readSymbolsFile(file)
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(file, 'FILE') : ''
  }
}

it('operator-symbols-are-checked-before-their-feed-starts: a file is read as it is written, with binance the primary', async () => {
  expect(await read({ symbols: [pepe, perp] })).toEqual([{ ...pepe, primary: 'binance' }, perp])
  expect(await read({ symbols: [] })).toEqual([])
})

it.each<[string, unknown, string]>([
  ['no JSON', '{', 'FILE is not JSON'],
  ['no list', {}, 'FILE /symbols: is missing'],
  [
    'a member that nobody knows',
    { symbols: [{ ...pepe, note: 'x' }] },
    'FILE /symbols/0/note "x": is not a member that is known',
  ],
  ['no kind', { symbols: [{ ...pepe, kind: undefined }] }, 'FILE /symbols/0/kind: is missing'],
  [
    'another kind',
    { symbols: [{ ...pepe, kind: 'future' }] },
    'FILE /symbols/0/kind "future": must be spot or perp',
  ],
  [
    'a name with a capital',
    { symbols: [pepe, { ...pepe, symbol: 'Pepe' }] },
    'FILE /symbols/1/symbol "Pepe": must be 2 to 20 of a-z and 0-9, with -perp after it if it is one',
  ],
  [
    'a product that no venue writes',
    { symbols: [{ ...pepe, venues: { binance: 'pepe usdt' } }] },
    'FILE /symbols/0/venues/binance "pepe usdt": must be a product as the venue writes it, such as PEPEUSDT',
  ],
  [
    'a venue that nobody knows',
    { symbols: [{ ...pepe, venues: { kraken: 'PEPEUSD' } }] },
    'FILE /symbols/0/venues/kraken "PEPEUSD": is not a member that is known',
  ],
  [
    'no venue',
    { symbols: [{ ...pepe, venues: {} }] },
    'FILE /symbols/0/venues {}: must name a product of one venue at least',
  ],
  [
    'a built-in name',
    { symbols: [{ ...pepe, symbol: 'btcusdt' }] },
    'FILE /symbols/0/symbol "btcusdt": is the name of a built-in symbol',
  ],
  ['a name twice', { symbols: [pepe, pepe] }, 'FILE /symbols/1/symbol "pepeusdt": stands in the file twice'],
  [
    'spot that ends like a perpetual',
    { symbols: [{ ...perp, kind: 'spot' }] },
    'FILE /symbols/0/symbol "btcusdt-perp": must end with -perp exactly when its kind is perp',
  ],
  [
    'a perpetual that does not',
    { symbols: [{ ...pepe, kind: 'perp' }] },
    'FILE /symbols/0/symbol "pepeusdt": must end with -perp exactly when its kind is perp',
  ],
  [
    'a primary without a product',
    { symbols: [{ ...pepe, primary: 'coinbase' }] },
    'FILE /symbols/0/primary "coinbase": must be one of its venues: binance, bybit (binance unless it is set)',
  ],
  [
    'no binance, and no primary',
    { symbols: [{ ...pepe, venues: { bybit: 'PEPEUSDT' } }] },
    'FILE /symbols/0/primary null: must be one of its venues: bybit (binance unless it is set)',
  ],
  [
    'one symbol too many',
    { symbols: Array.from({ length: 201 }, (_, index) => ({ ...pepe, symbol: `pepe${index}` })) },
    'must be 200 symbols at most',
  ],
])(
  'operator-symbols-are-checked-before-their-feed-starts: a file with %s is refused in a sentence that says where',
  async (_title, document, sentence) => {
    const said = await read(document)
    expect(said).toContain(sentence)
    expect(said).toMatch(/^GATEHOUSE_SYMBOLS: FILE/)
  },
)

it('a file that is not there is told by its name', () => {
  expect(() => readSymbolsFile('/nowhere/symbols.json')).toThrow(
    'GATEHOUSE_SYMBOLS: /nowhere/symbols.json cannot be read',
  )
})
