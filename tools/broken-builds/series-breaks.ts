import type { Break } from './break.ts'

const service = 'packages/server/src/services/volatility'
const domain = `${service}/domain`
const ingest = `${service}/usecases/ingest-minute.db.test.ts`

/** How what venues tell could fail to become a series, or become another one. */
export const seriesBreaks: readonly Break[] = [
  {
    promise: 'accepted-bars-never-change',
    broken: 'a minute that comes once more is taken once more',
    file: `${domain}/minute-gate.ts`,
    find: 'if (this.cursorMs !== null && openMs <= this.cursorMs) return { kind:',
    replace: 'if (this.cursorMs !== null && openMs < this.cursorMs) return { kind:',
    test: ingest,
  },
  {
    promise: 'a-former-owner-cannot-write',
    broken: 'any epoch will do',
    file: 'packages/server/src/services/volatility/store/ingest-store.ts',
    find: 'name === venue && own === Number(epoch)',
    replace: 'name === venue && own <= Number(epoch)',
    test: ingest,
  },
  {
    promise: 'no-bar-is-lost-or-doubled',
    broken: 'what failed to commit stays in memory as if it had',
    file: 'packages/server/src/services/volatility/usecases/market-book.ts',
    find: 'for (const { marketId } of markets) this.#stale.add(marketId)',
    replace: 'for (const { marketId } of markets) this.#stale.delete(marketId)',
    test: ingest,
  },
  {
    promise: 'anonymous-calls-stop-at-sixty',
    broken: 'nobody counts calls without a key',
    file: 'packages/server/src/services/volatility/policy.ts',
    find: "name: 'volatility-anonymous', limit: 60",
    replace: "name: 'volatility-anonymous', limit: 61",
    test: 'packages/server/test/volatility-gate.net.test.ts',
  },
  {
    promise: 'feed-moves-to-another-node-within-ten-seconds',
    broken: 'an owner that stands still keeps its locks',
    file: `${service}/jobs/own-feeds.ts`,
    find: 'await endLockSession(deps.db, silent)',
    replace: '',
    test: `${service}/jobs/own-feeds.db.test.ts`,
  },
  {
    promise: 'stale-feeds-say-so-and-recover',
    broken: 'each node that looks tells of the same spell',
    file: `${service}/store/market-store.ts`,
    find: 'AND (stale_since_ms IS NULL) <> (${sinceMs}::bigint IS NULL)`',
    replace: '`',
    test: `${service}/usecases/follow-staleness.db.test.ts`,
  },
  {
    promise: 'the-board-fills-without-a-network',
    broken: 'nobody says that a market is made up',
    file: `${service}/store/feed-store.ts`,
    find: 'isSimulated: simulated,',
    replace: 'isSimulated: false,',
    test: 'packages/server/test/the-board-fills-without-a-network.net.test.ts',
  },
  {
    promise: 'operator-symbols-are-checked-before-their-feed-starts',
    broken: 'what a venue does not list is found out while it is fed',
    file: `${service}/jobs/start-feeds.ts`,
    find: '  await checkAdded(deps)\n',
    replace: '',
    test: `${service}/jobs/start-feeds.db.test.ts`,
  },
  {
    promise: 'operator-symbols-are-checked-before-their-feed-starts',
    broken: 'a name that is taken is taken over',
    file: `${domain}/added-symbols.ts`,
    find: 'taken.has(symbol) ?',
    replace: 'taken.has(`${symbol}!`) ?',
    test: `${service}/read-symbols-file.test.ts`,
  },
  {
    promise: 'what came too late is folded in, as if it had come in time',
    broken: 'longer bars stay as they were',
    file: `${domain}/fold-minutes.ts`,
    find: 'openMs + intervalMs[timeframe] > cursorMs + minuteMs) return []',
    replace: 'openMs + intervalMs[timeframe] > minuteMs) return []',
    test: `${service}/usecases/rebuild-market.db.test.ts`,
  },
  {
    promise: 'from the checkpoint on, where the first minutes are no longer kept',
    broken: 'what is no longer kept counts as if it had never been',
    file: `${service}/usecases/walk-bars.ts`,
    find: 'new SeriesReplay(timeframe, presets, start)',
    replace: 'new SeriesReplay(timeframe, presets)',
    test: `${service}/usecases/rebuild-market.db.test.ts`,
  },
  {
    promise: 'a bar waits for the tables of its day, and is told with them',
    broken: 'bars of a day are told before its tables are there',
    file: `${service}/usecases/ingest-minute.ts`,
    find: 'return Math.max(historyEndMs,',
    replace: 'return 2 * Math.max(historyEndMs,',
    test: `${service}/usecases/wait-for-tables.db.test.ts`,
  },
  {
    promise: 'simulator-lag-against-the-true-switch',
    broken: 'prices of a wild market are those of a usual one',
    file: `${service}/simulator/prices.ts`,
    find: 'sigma: 3 * 4e-4',
    replace: 'sigma: 1.2 * 4e-4',
    test: `${service}/simulator/simulator-lag.test.ts`,
  },
]
