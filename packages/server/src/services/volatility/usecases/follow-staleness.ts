import { asWriter } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { intervalMs } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { volatilityPolicy } from '../policy.ts'
import { insertEvents, lockEpochs, takeNumbers, tellOfBars } from '../store/ingest-store.ts'
import { setStale } from '../store/market-store.ts'
import { FormerOwner, type IngestDeps } from './ingest-minute.ts'
import type { BookedMarket } from './market-book.ts'
import { toStalenessEvent } from './regime-events.ts'
import { tellSubscribers } from './tell-subscribers.ts'

/** The ids of markets known to be stale, so that the database is written only on a change. */
export type StaleMarkets = Set<number>

/**
 * Publishes once when a symbol's primary feed becomes stale, and once when it recovers (specification 8.4). `stale`
 * holds what was published, and is updated.
 */
export async function followStaleness(
  deps: Pick<IngestDeps, 'db' | 'now' | 'isPrimary'>,
  venue: Venue,
  markets: readonly BookedMarket[],
  stale: StaleMarkets,
  epoch: number,
): Promise<void> {
  const atMs = deps.now()
  for (const { marketId, symbol, market } of markets) {
    const { reading } = market.tracker('1m')
    if (reading === null || !deps.isPrimary(venue, symbol)) continue
    const lastUpdateMs = reading.openMs + intervalMs['1m']
    const isStale = atMs - lastUpdateMs > volatilityPolicy.staleAfterMs
    if (isStale === stale.has(marketId)) continue
    await asWriter(deps, async (tx) => {
      if (!(await lockEpochs(tx, new Map([[venue, epoch]]))).has(venue)) throw new FormerOwner([venue])
      if (!(await setStale(tx, marketId, isStale ? lastUpdateMs : null))) return
      const seq = await takeNumbers(tx, 1)
      const id = `evt_${newId(atMs)}`
      const type = isStale ? 'regime.stale' : 'regime.recovered'
      const body = toStalenessEvent({ id, seq, type, symbol, venue, lastUpdateMs, atMs })
      const event = { seq, id, orgId: null, type, body }
      await insertEvents(tx, [event], atMs)
      await tellSubscribers(tx, { events: [event], atMs })
      await tellOfBars(tx, [venue])
    })
    if (isStale) stale.add(marketId)
    else stale.delete(marketId)
  }
}
