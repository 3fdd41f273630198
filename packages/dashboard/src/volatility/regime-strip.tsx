import { toNumber } from '../number-format.ts'
import { volatilityWords as says } from '../words/volatility-words.ts'
import { type Board, regimes, type Timeframe } from './regimes.ts'

/** The number of symbols in each regime, one bar per timeframe. */
export function RegimeStrip({ board }: { readonly board: Board }) {
  return (
    <section class="regime-strip" aria-label={says.board.strip}>
      {board.timeframes.map((timeframe) => (
        <StripOf key={timeframe} board={board} timeframe={timeframe} />
      ))}
    </section>
  )
}

function StripOf({ board, timeframe }: { readonly board: Board; readonly timeframe: Timeframe }) {
  const shown = board.symbols.map(({ cells }) => cells[timeframe]?.regime ?? null)
  const count = (regime: string | null): number => shown.filter((one) => one === regime).length
  const [low, normal, high] = [count('low'), count('normal'), count('high')]
  const unknown = count(null)
  const said = says.board.counts(toNumber(low), toNumber(normal), toNumber(high), toNumber(unknown))
  const parts = [...regimes.map((name) => [name, count(name)] as const), ['none', unknown] as const]
  return (
    <div class="strip-row">
      <strong>{timeframe}</strong>
      <div class="strip" role="img" aria-label={`${timeframe}: ${said}`}>
        {parts
          .filter(([, many]) => many > 0)
          .map(([name, many]) => (
            <span key={name} class={`strip-part ${name}`} style={{ flexGrow: many }}>
              {many}
            </span>
          ))}
      </div>
      <span class="muted small strip-said">{said}</span>
    </div>
  )
}
