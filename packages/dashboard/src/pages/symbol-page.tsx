import { GatehouseProblem } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useRoute } from 'preact-iso'
import { useMemo, useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Section } from '../controls.tsx'
import { Facts } from '../facts.tsx'
import { Moment } from '../moment.tsx'
import { toNumber, toPercent, toPrice, toWholePercent } from '../number-format.ts'
import { Found, Heading } from '../parts.tsx'
import { Choose, Segments } from '../parts/choices.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { useTableState } from '../parts/table-state.ts'
import { TimeChart } from '../parts/time-chart.tsx'
import { gatehouse } from '../session.ts'
import { toSpan } from '../to-ago.ts'
import { AfterChange } from '../volatility/after-change.tsx'
import { RegimeMark } from '../volatility/regime-mark.tsx'
import {
  nowEveryMs,
  readTimeframe,
  type RegimeNow,
  type Series,
  timeframes,
  type Timeframe,
  toShownSymbol,
} from '../volatility/regimes.ts'
import { SymbolChanges } from '../volatility/symbol-changes.tsx'
import { toBands } from '../volatility/to-bands.ts'
import { useSymbols } from '../volatility/use-symbols.ts'
import { VenueConsensus } from '../volatility/venue-consensus.tsx'
import { volatilityWords } from '../words/volatility-words.ts'

const says = volatilityWords.page
const first = 'btcusdt'
const bars = 500
const tabs = ['venues', 'impact', 'transitions'] as const

export function SymbolPage() {
  const { params } = useRoute()
  const { route } = useLocation()
  const { state, change } = useTableState(['timeframe'])
  const symbol = params['symbol'] ?? first
  const timeframe = readTimeframe(state.filters['timeframe'])
  const symbols = useSymbols()
  const named = symbols.includes(symbol) ? symbols : [symbol, ...symbols]
  return (
    <>
      <Heading title={toShownSymbol(symbol)} text={says.text}>
        <div class="actions">
          <Choose
            label={volatilityWords.symbol}
            value={symbol}
            options={named.map((value) => ({ value, text: toShownSymbol(value) }))}
            onChoose={(next) => route(`${at(`/volatility/symbol/${next}`)}?timeframe=${timeframe}`)}
          />
          <Segments
            label={volatilityWords.timeframe}
            value={timeframe}
            options={timeframes.map((value) => ({ value, text: value }))}
            onChoose={(next) => change({ filters: { timeframe: next } })}
          />
        </div>
      </Heading>
      <Symbol key={`${symbol}/${timeframe}`} symbol={symbol} timeframe={timeframe} />
    </>
  )
}

function Symbol({ symbol, timeframe }: { readonly symbol: string; readonly timeframe: Timeframe }) {
  const [tab, setTab] = useState<(typeof tabs)[number]>('venues')
  const now = useQuery({
    queryKey: ['regime-now', symbol, timeframe],
    queryFn: ({ signal }) => gatehouse.volatility.getRegime(symbol, { timeframe }, { signal }),
    refetchInterval: nowEveryMs,
    // A missing symbol is not retried.
    retry: (count, error) => !isMissing(error) && count < 3,
  })
  const series = useQuery({
    queryKey: ['regime-series', symbol, timeframe],
    queryFn: ({ signal }) => gatehouse.volatility.getSeries(symbol, { timeframe, limit: bars }, { signal }),
    refetchInterval: 60_000,
    enabled: !isMissing(now.error),
  })
  if (isMissing(now.error))
    return (
      <EmptyState isPage title={says.alone} text={toShownSymbol(symbol)}>
        <a class="button" href={at('/volatility/board')}>
          {says.backToBoard}
        </a>
      </EmptyState>
    )
  return (
    <>
      <Found query={now}>{(regime) => <Now regime={regime} />}</Found>
      <Found query={series}>{(found) => <Charts series={found} />}</Found>
      <Segments
        label={says.title}
        value={tab}
        options={tabs.map((value) => ({ value, text: says.tabs[value] }))}
        onChoose={setTab}
      />
      {tab === 'venues' ? <VenueConsensus symbol={symbol} timeframe={timeframe} /> : null}
      {tab === 'impact' ? <AfterChange symbol={symbol} timeframe={timeframe} /> : null}
      {tab === 'transitions' ? <SymbolChanges symbol={symbol} timeframe={timeframe} /> : null}
    </>
  )
}

function isMissing(error: unknown): boolean {
  return error instanceof GatehouseProblem && error.status === 404
}

function Now({ regime: one }: { readonly regime: RegimeNow }) {
  const { confidence, confidence_sample: n } = one
  return (
    <div class={one.stale ? 'hero stale-row' : 'hero'}>
      <div class="hero-main">
        <RegimeMark regime={one.regime} />
        <p class="muted small">
          {one.regime === null
            ? volatilityWords.warmingLong(toNumber(one.bars_until_ready))
            : one.seconds_in_state === null
              ? null
              : volatilityWords.since(toSpan(one.seconds_in_state * 1_000))}
        </p>
        <p class="muted small">
          {confidence !== null && n !== null
            ? volatilityWords.confidence(toWholePercent(confidence), toNumber(n))
            : volatilityWords.confidenceReasons[one.confidence_reason ?? 'no_table']}
        </p>
      </div>
      <Facts
        facts={[
          [`${says.realised} (${says.aYear})`, orNone(one.realized_vol, toPercent)],
          [says.usual, orNone(one.baseline_vol, toPercent)],
          [says.z, one.z_vol === null ? '—' : `${toNumber(one.z_vol)} σ`],
          [says.price, orNone(one.close, toPrice)],
          [
            says.lastBar,
            <>
              <Moment at={one.last_update_ms} />
              {one.stale ? <strong class="stale-word"> {volatilityWords.stale}</strong> : null}
            </>,
          ],
        ]}
      />
    </div>
  )
}

function orNone(value: number | null, format: (value: number) => string): string {
  return value === null ? '—' : format(value)
}

function Charts({ series }: { readonly series: Series }) {
  const name = toShownSymbol(series.symbol)
  const drawn = useMemo(
    () => ({
      bands: toBands(series.ts_ms, series.regime),
      volatility: [{ name: says.realised, values: series.realized_vol }],
      price: [{ name: says.price, values: series.close }],
    }),
    [series],
  )
  return (
    <>
      <Section title={says.realised} text={says.aYear}>
        <TimeChart
          label={says.chart(name)}
          times={series.ts_ms}
          series={drawn.volatility}
          bands={drawn.bands}
          format={toPercent}
        />
      </Section>
      <Section title={says.price}>
        <TimeChart
          label={says.priceChart(name)}
          times={series.ts_ms}
          series={drawn.price}
          bands={drawn.bands}
          format={toPrice}
          heightPixels={180}
          isFromZero={false}
        />
      </Section>
    </>
  )
}
