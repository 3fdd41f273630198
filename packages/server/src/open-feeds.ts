import type { ServerConfig } from './config.ts'
import { startSimulatorProcess } from './embedded/simulator-process.ts'
import { builtInSymbols } from './services/volatility/domain/symbols.ts'
import { readSymbolsFile } from './services/volatility/read-symbols-file.ts'
import type { AddedSymbols, FeedSource } from './service/service-deps.ts'

/** Opens the sources of market data that the settings choose; a simulator runs as long as the server does. */
export async function openFeeds(
  kind: ServerConfig['feeds'],
  added: AddedSymbols,
): Promise<{ readonly feeds: FeedSource; readonly stop: () => Promise<void> }> {
  if (kind !== 'simulated') return { feeds: { kind }, stop: async () => undefined }
  // The simulator offers each symbol as spot and as a perpetual.
  const names = [...builtInSymbols, ...added.symbols].map(({ symbol }) => symbol.replace(/-perp$/, ''))
  const { hosts, deribit, stop } = await startSimulatorProcess({ symbols: [...new Set(names)] })
  return { feeds: { kind, hosts, deribit }, stop }
}

/** Reads the symbols that the operator added, from the file that the settings name. Throws when the file is invalid. */
export function readAdded(file: ServerConfig['symbols']): AddedSymbols {
  return { file, symbols: file === undefined ? [] : readSymbolsFile(file) }
}
