import type { Break } from './break.ts'

const service = 'packages/server/src/services/volatility'
const domain = `${service}/domain`
const usecases = `${service}/usecases`

/** How what is computed on stored bars could come to be told wrongly. */
export const computationBreaks: readonly Break[] = [
  {
    promise: 'no-value-uses-a-later-bar',
    broken: 'a bar counts from when it opens',
    file: `${domain}/classified-series.ts`,
    find: 'const lastOpenMs = moment - intervalMs[timeframe]',
    replace: 'const lastOpenMs = moment - 0 * intervalMs[timeframe]',
    test: `${usecases}/no-later-bar.test.ts`,
  },
  {
    promise: 'no-value-uses-a-later-bar',
    broken: 'a day table counts bars whose label is not known yet',
    file: `${domain}/tables-of-days.ts`,
    find: 'knownMs.push(last + intervalMs[timeframe])',
    replace: 'knownMs.push(last - 37 * intervalMs[timeframe])',
    test: `${usecases}/no-later-bar.test.ts`,
  },
  {
    promise: 'no-value-uses-a-later-bar',
    broken: 'what was shown is scored by labels that are not known yet',
    file: `${domain}/live-quality.ts`,
    find: '(endMs[bar + barsAhead] ?? Number.POSITIVE_INFINITY) <= asOfMs',
    replace: '(endMs[bar] ?? Number.POSITIVE_INFINITY) <= asOfMs',
    test: `${usecases}/no-later-bar.test.ts`,
  },
  {
    promise: 'no-wire-path-redirects-or-answers-empty',
    broken: 'what clients send more is refused',
    file: 'packages/server/src/services/volatility/contract/consensus.ts',
    find: 'query: z.object({ ...chosen, timeframe: timeframeQuery }),',
    replace: 'query: z.strictObject({ ...chosen, timeframe: timeframeQuery }),',
    test: 'packages/server/test/volatility-wire.net.test.ts',
  },
  {
    promise: 'wire-examples-parse-in-the-client',
    broken: 'a reply has another word for how often a follower came',
    file: 'packages/server/src/services/volatility/contract/lead-lag.ts',
    find: 'hit_rate: z.number().nullable(),',
    replace: 'rate_of_hits: z.number().nullable(),',
    test: 'packages/server/test/volatility-client.net.test.ts',
  },
  {
    promise: 'the-unpatched-client-completes-every-call',
    broken: 'a backtest leaves out how many bars it went over',
    file: `${usecases}/describe-backtest.ts`,
    find: 'replayed_bars: bars,',
    replace: 'replayed_bars: 0,',
    test: 'packages/server/test/volatility-client.net.test.ts',
  },
  {
    promise: 'public-client-requests-get-the-fields-they-read',
    broken: 'what explains a state leaves out how far it is on its way',
    file: `${usecases}/describe-state.ts`,
    find: 'bars_counted: barsCounted,',
    replace: '',
    test: 'packages/server/test/volatility-client.net.test.ts',
  },
  {
    promise: 'streaming-equals-naive-over-five-million-bars',
    broken: 'two parts of a window are merged as if their means were the same',
    file: `${domain}/rolling-moments.ts`,
    find: 'this.#prefixM2 + (delta * delta * k * rest) / size',
    replace: 'this.#prefixM2',
    test: `${domain}/volatility-series.test.ts`,
  },
  {
    promise: 'empty-objects-count-as-no-body',
    broken: 'an empty object is a body like any other',
    file: 'packages/server/src/http/read-body.ts',
    find: 'if (bytes !== undefined && !isEmptyObject(bytes))',
    replace: 'if (bytes !== undefined)',
    test: 'packages/server/test/volatility-wire.net.test.ts',
  },
  {
    promise: 'bot-columns-never-see-an-unfinished-bar',
    broken: 'a candle is looked up one length too late',
    file: 'docs/guides/volatility.md',
    find: '.astype("int64") + timeframe_ms)',
    replace: '.astype("int64") + 2 * timeframe_ms)',
    test: 'packages/server/test/guides.net.test.ts',
  },
  {
    promise: 'applied-calibrations-are-replayed-and-told-to-nobody',
    broken: 'the windows of the forecast begin empty where the replay ends',
    file: `${usecases}/adopt-presets.ts`,
    find: 'har: tracker.state().har ?? locked.state.har',
    replace: 'har: locked.state.har',
    test: `${usecases}/calibrations.db.test.ts`,
  },
  {
    promise: 'applied-calibrations-are-replayed-and-told-to-nobody',
    broken: 'the owner of the feed writes on over what was changed beside it',
    file: `${service}/store/ingest-store.ts`,
    find: 'WHERE s.series_id = given.id AND s.edition = given.edition',
    replace: 'WHERE s.series_id = given.id',
    test: `${usecases}/calibrations.db.test.ts`,
  },
]
