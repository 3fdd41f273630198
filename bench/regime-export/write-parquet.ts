import { existsSync } from 'node:fs'
import { regimesByCode } from '../../packages/server/src/services/volatility/domain/regime-code.ts'
import { builtInPresets } from '../../packages/server/src/services/volatility/domain/built-in-presets.ts'
import { replayMachine, replaySeries } from '../../packages/server/src/services/volatility/domain/replay.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import { installPeers, peerUrl } from '../install-peers.ts'

const seed = 11

/** Seconds that another library takes to write as many bars, from columns that lie in memory; undefined where it is not installed. */
export async function parquetWasm(
  bars: number,
  note: (text: string) => void,
): Promise<(() => number) | undefined> {
  await installPeers(note)
  if (!existsSync(peerUrl('node_modules/parquet-wasm'))) {
    note('parquet-wasm is skipped: it is not installed')
    return undefined
  }
  // Safe: the file beside it exports this; its types would need the peers installed.
  const { write } = (await import(peerUrl('parquet-wasm.mjs').href)) as {
    readonly write: (doubles: Readonly<Record<string, Float64Array>>, words: readonly string[]) => number
  }
  const { openMs, opens, highs, lows, closes, volumes } = drawBars('1m', bars, seed)
  const { rv, baseline, z, resets } = replaySeries('1m', { openMs, closes })
  const { regimes } = replayMachine({ timeframe: '1m', openMs, z, resets }, builtInPresets.balanced)
  const words = Array.from(regimes, (code) => regimesByCode[code === 0 ? 0 : code === 1 ? 1 : 2])
  const doubles = { openMs, opens, highs, lows, closes, volumes, rv, baseline, z }
  return () => {
    const startedMs = performance.now()
    if (write(doubles, words) === 0) throw new Error('A file without a byte is none')
    return (performance.now() - startedMs) / 1_000
  }
}
