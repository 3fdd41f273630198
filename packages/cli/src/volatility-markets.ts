import type { LocalInstance, MarketWish } from '@gatehouse/server/local'
import type { Option, Terminal, Values } from './command.ts'
import { ProgressBar } from './progress-bar.ts'

export const marketOptions = {
  symbol: { type: 'string', placeholder: 'NAME', about: 'Such as btcusdt', required: true },
  venue: { type: 'string', placeholder: 'NAME', about: 'Unset: every venue that has it' },
  json: { type: 'boolean', about: 'Print JSON' },
} as const satisfies Readonly<Record<string, Option>>

/** Runs the work on the stored bars of a symbol with a progress line; resolves to undefined if it was interrupted. */
export async function withMarkets<T>(
  values: Values,
  { env, folder, progress, note, interruption }: Terminal,
  work: (local: LocalInstance, wish: MarketWish) => Promise<T>,
): Promise<T | undefined> {
  const { withLocalInstance } = await import('@gatehouse/server/local')
  const signal = interruption()
  const bar = new ProgressBar(progress, 'bars')
  const wish: MarketWish = {
    symbol: String(values['symbol']).toLowerCase(),
    venue: values['venue'] === undefined ? undefined : String(values['venue']),
    onProgress: (done, of) => bar.show({ done, of, before: 0, share: done / of }),
    signal,
  }
  try {
    return await withLocalInstance({ env, folder, progress }, (local) => work(local, wish))
  } catch (error) {
    if (!signal.aborted) throw error
    note('Interrupted between two venues; the same command does the rest\n')
    return undefined
  } finally {
    bar.end()
  }
}
