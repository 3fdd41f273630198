import { useQuery } from '@tanstack/react-query'
import { Section } from '../controls.tsx'
import { toNumber, toPercent, toWholePercent } from '../number-format.ts'
import { Found, Heading } from '../parts.tsx'
import { Choose, Segments } from '../parts/choices.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { useTableState } from '../parts/table-state.ts'
import { gatehouse } from '../session.ts'
import { LiveQuality } from '../volatility/live-quality.tsx'
import { MethodContests } from '../volatility/method-contests.tsx'
import { type Quality, readTimeframe, timeframes, toShownSymbol } from '../volatility/regimes.ts'
import { useSymbols } from '../volatility/use-symbols.ts'
import { volatilityWords } from '../words/volatility-words.ts'
import { qualityWords as says } from '../words/quality-words.ts'

export function QualityPage() {
  const { state, change } = useTableState(['symbol', 'timeframe'])
  const symbols = useSymbols()
  const symbol = state.filters['symbol'] ?? 'btcusdt'
  const timeframe = readTimeframe(state.filters['timeframe'], '1m')
  const query = useQuery({
    queryKey: ['regime-quality', symbol, timeframe],
    queryFn: ({ signal }) => gatehouse.volatility.getQuality(symbol, { timeframe }, { signal }),
  })
  return (
    <>
      <Heading title={says.title} text={says.text}>
        <div class="actions">
          <Choose
            label={volatilityWords.symbol}
            value={symbol}
            options={(symbols.includes(symbol) ? symbols : [symbol, ...symbols]).map((value) => ({
              value,
              text: toShownSymbol(value),
            }))}
            onChoose={(value) => change({ filters: { ...state.filters, symbol: value } })}
          />
          <Segments
            label={volatilityWords.timeframe}
            value={timeframe}
            options={timeframes.map((value) => ({ value, text: value }))}
            onChoose={(value) => change({ filters: { ...state.filters, timeframe: value } })}
          />
        </div>
      </Heading>
      <Found query={query}>
        {(quality) => (
          <>
            <LiveQuality live={quality.live} />
            <Ranges coverage={quality.coverage} />
            {quality.measured === null ? (
              <EmptyState title={says.noContests} text={says.noContestsText} />
            ) : (
              <MethodContests measured={quality.measured} />
            )}
            <Section title={says.limits}>
              <ul class="limits">
                {Object.entries(says.limitsList).map(([name, limit]) => (
                  <li key={name}>{limit}</li>
                ))}
              </ul>
            </Section>
          </>
        )}
      </Found>
    </>
  )
}

function Ranges({ coverage }: { readonly coverage: Quality['coverage'] }) {
  return (
    <Section title={says.ranges} text={says.rangesText}>
      {coverage === null ? (
        <p class="muted">{says.noRanges}</p>
      ) : (
        <ul class="limits">
          {(['50', '80', '95'] as const).map((of) => (
            <li key={of}>{says.held(toWholePercent(Number(of) / 100), toPercent(coverage[of]))}</li>
          ))}
          <li class="muted small">n = {toNumber(coverage.n)}</li>
        </ul>
      )}
    </Section>
  )
}
