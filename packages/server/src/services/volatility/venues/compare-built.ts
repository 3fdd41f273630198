import { fetchPage, type PageDeps } from './fetch-page.ts'
import { minuteMs } from './minute.ts'
import type { ProductLine } from './product-line.ts'

const prices = ['open', 'high', 'low', 'close'] as const

/** Compares recently built bars with the venue's own candles; differences are noted, without any change. */
export async function compareBuilt(deps: PageDeps, line: ProductLine): Promise<void> {
  const { built, product } = line
  const [first] = built
  const last = built.at(-1)
  if (first === undefined || last === undefined) return
  line.built = []
  const page = await fetchPage(deps, {
    product,
    timeframe: '1m',
    fromMs: first.openMs,
    toMs: last.openMs + minuteMs,
  })
  const own = new Map(page.bars.map((bar) => [bar.openMs, bar]))
  for (const bar of built) {
    const candle = own.get(bar.openMs)
    if (candle !== undefined && prices.every((name) => bar[name] === candle[name])) continue
    const { venue, symbol, openMs } = bar
    deps.note({ kind: 'built_differs', venue, symbol, openMs })
  }
}
