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
]
