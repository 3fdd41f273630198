import type { ServerConfig } from './config.ts'
import { startSimulatorProcess } from './embedded/simulator-process.ts'
import type { FeedSource } from './service/service-deps.ts'

/** Where market data comes from, as the settings say; a simulator runs as long as the server does. */
export async function openFeeds(
  kind: ServerConfig['feeds'],
): Promise<{ readonly feeds: FeedSource; readonly stop: () => Promise<void> }> {
  if (kind !== 'simulated') return { feeds: { kind }, stop: async () => undefined }
  const { hosts, deribit, stop } = await startSimulatorProcess()
  return { feeds: { kind, hosts, deribit }, stop }
}
