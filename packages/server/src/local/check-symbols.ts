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
 * Checks a file of symbols against its rules and against the listings of the venues, like the server does at its start.
 * No venue is asked if the settings disable feeds, and the simulator is asked if they are simulated.
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
