import { systemTimeline } from '@gatehouse/kernel/clock'
import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import { readServerConfig } from '../config.ts'
import { openFeeds, readAdded } from '../open-feeds.ts'
import {
  assertListed,
  type CheckedProduct,
  checkListings,
} from '../services/volatility/usecases/check-listings.ts'
import { createMarketFeed } from '../services/volatility/venues/create-market-feed.ts'
import type { LocalOptions } from './local-instance.ts'

/**
 * Holds a file of symbols against its rules and against what the venues list, as a start of the server does. Where the
 * settings turn feeds off no venue is asked, and where they are simulated the simulator is.
 */
export async function checkSymbols(
  { env, folder }: Pick<LocalOptions, 'env' | 'folder'>,
  file: string,
): Promise<readonly CheckedProduct[]> {
  const config = readServerConfig(env, folder)
  const added = readAdded(file)
  if (config.feeds === 'off') return []
  const { feeds, stop } = await openFeeds(config.feeds, added)
  const egress = createEgress({ allow: noAllowance })
  try {
    const checked = await checkListings(
      (venue) =>
        createMarketFeed(venue, {
          egress,
          timeline: systemTimeline,
          random: Math.random,
          lastStoredMs: () => Promise.resolve(0),
          note: () => undefined,
          ...(feeds.kind === 'simulated' ? { hosts: feeds.hosts[venue] } : {}),
        }),
      added.symbols,
    )
    assertListed(file, added.symbols, checked)
    return checked
  } finally {
    egress.close()
    await stop()
  }
}
