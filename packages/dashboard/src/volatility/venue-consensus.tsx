import { useQuery } from '@tanstack/react-query'
import { Section } from '../controls.tsx'
import { Moment } from '../moment.tsx'
import { toNumber, toPercent, toPrice } from '../number-format.ts'
import { Found } from '../parts.tsx'
import { gatehouse } from '../session.ts'
import { volatilityWords } from '../words/volatility-words.ts'
import { RegimeMark } from './regime-mark.tsx'
import { nowEveryMs, type Timeframe } from './regimes.ts'

const says = volatilityWords.page

/** Each venue's state of the symbol, and whether the venues agree. */
export function VenueConsensus({
  symbol,
  timeframe,
}: {
  readonly symbol: string
  readonly timeframe: Timeframe
}) {
  const query = useQuery({
    queryKey: ['regime-consensus', symbol, timeframe],
    queryFn: ({ signal }) => gatehouse.volatility.getConsensus(symbol, { timeframe }, { signal }),
    refetchInterval: nowEveryMs,
  })
  return (
    <Section title={says.venues} text={says.venuesText}>
      <Found query={query}>
        {({ consensus, agreed, available, reason, venues }) => (
          <>
            <p class="row">
              <RegimeMark regime={consensus} />
              <span class="muted small">
                {says.consensus(toNumber(agreed), toNumber(available))} · {says.consensusReasons[reason]}
              </span>
            </p>
            <div class="scroll" tabIndex={0} role="group" aria-label={says.venues}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{says.venue}</th>
                    <th scope="col">{says.regime}</th>
                    <th scope="col" class="number">
                      {says.realised}
                    </th>
                    <th scope="col" class="number">
                      {says.z}
                    </th>
                    <th scope="col" class="number">
                      {says.price}
                    </th>
                    <th scope="col">{says.product}</th>
                    <th scope="col">{says.lastBar}</th>
                  </tr>
                </thead>
                <tbody>
                  {Object.entries(venues).map(([venue, one]) => (
                    <tr key={venue} class={one.available ? '' : 'stale-row'}>
                      <th scope="row" class="capital">
                        {venue}
                      </th>
                      <td>
                        <RegimeMark regime={one.regime} />
                        {one.error === null ? null : (
                          <span class="muted small"> {says.venueErrors[one.error]}</span>
                        )}
                      </td>
                      <td class="number">{one.realized_vol === null ? '—' : toPercent(one.realized_vol)}</td>
                      <td class="number">{one.z_vol === null ? '—' : `${toNumber(one.z_vol)} σ`}</td>
                      <td class="number">{one.close === null ? '—' : toPrice(one.close)}</td>
                      <td>{one.product ?? '—'}</td>
                      <td>
                        <Moment at={one.last_update_ms} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </Found>
    </Section>
  )
}
