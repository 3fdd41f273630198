import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { judgeSymbols, type SymbolFault, toCarried } from './domain/added-symbols.ts'
import type { CarriedSymbol } from './domain/symbols.ts'
import { venues } from './domain/venue.ts'

/** In addition to the twenty built-in ones. */
const symbolsMax = 200

const product = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9._-]{0,39}$/, 'must be a product as the venue writes it, such as PEPEUSDT')
const written = z.strictObject({
  symbol: z
    .string()
    .regex(/^[a-z0-9]{2,20}(?:-perp)?$/, 'must be 2 to 20 of a-z and 0-9, with -perp after it if it is one'),
  kind: z.enum(['spot', 'perp'], 'must be spot or perp'),
  venues: z.strictObject({
    binance: product.optional(),
    coinbase: product.optional(),
    bybit: product.optional(),
  }),
  primary: z.enum(venues, `must be ${venues.join(', ')}`).optional(),
})
const document = z.strictObject({
  symbols: z.array(written).max(symbolsMax, `must be ${symbolsMax} symbols at most`),
})

/** Reads the symbols that an operator adds; throws an error that names the position of a fault in the file. */
export function readSymbolsFile(path: string): readonly CarriedSymbol[] {
  const value = readJson(path)
  const parsed = document.safeParse(value)
  if (!parsed.success)
    throw toError(
      path,
      parsed.error.issues.map((issue) => toFault(value, issue)),
    )
  const { symbols } = parsed.data
  const faults = judgeSymbols(symbols)
  if (faults.length > 0) throw toError(path, faults)
  return symbols.map(toCarried)
}

function readJson(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`GATEHOUSE_SYMBOLS: ${path} cannot be read`, { cause })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`GATEHOUSE_SYMBOLS: ${path} is not JSON`, { cause })
  }
}

function toFault(value: unknown, issue: z.core.$ZodIssue): SymbolFault {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  const rule =
    issue.code === 'unrecognized_keys'
      ? 'is not a member that is known'
      : valueAt(value, path) === undefined
        ? 'is missing'
        : issue.message
  return { pointer: toPointer(path), value: valueAt(value, path), rule }
}

function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (whole, part) =>
      typeof whole === 'object' && whole !== null && Object.hasOwn(whole, part)
        ? Reflect.get(whole, part)
        : undefined,
    value,
  )
}

const shownMax = 60

/** One line per fault: the setting, the file, the position, the value and the violated rule. */
export function toError(path: string, faults: readonly SymbolFault[]): Error {
  return new Error(
    faults
      .map(({ pointer, value, rule }) => {
        const shown = value === undefined ? '' : ` ${(JSON.stringify(value) ?? '').slice(0, shownMax)}`
        return `GATEHOUSE_SYMBOLS: ${path}${pointer === '' ? '' : ` ${pointer}`}${shown}: ${rule}`
      })
      .join('\n'),
  )
}
