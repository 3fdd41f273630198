import { useQuery } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Section } from '../controls.tsx'
import { toChange, toNumber } from '../number-format.ts'
import { Found } from '../parts.tsx'
import { Segments } from '../parts/choices.tsx'
import { gatehouse } from '../session.ts'
import { volatilityWords } from '../words/volatility-words.ts'
import { type Impact, type Regime, regimes, type Timeframe } from './regimes.ts'

const says = volatilityWords.page
const horizons = ['1h', '4h', '24h'] as const
type Horizon = Impact['horizons']['1h']

/** The distribution of returns after changes into a regime, compared with that after all bars. */
export function AfterChange({
  symbol,
  timeframe,
}: {
  readonly symbol: string
  readonly timeframe: Timeframe
}) {
  const [to, setTo] = useState<Regime>('high')
  const query = useQuery({
    queryKey: ['regime-impact', symbol, timeframe, to],
    queryFn: ({ signal }) => gatehouse.volatility.getImpact(symbol, { timeframe, to }, { signal }),
  })
  return (
    <Section title={says.impact} text={says.impactText}>
      <Segments
        label={says.into}
        value={to}
        options={regimes.map((value) => ({ value, text: volatilityWords.regimes[value] }))}
        onChoose={setTo}
      />
      <Found query={query}>
        {(impact) =>
          impact.sample_size === 0 ? <p class="muted">{says.noEvents}</p> : <Spread impact={impact} />
        }
      </Found>
    </Section>
  )
}

function Spread({ impact }: { readonly impact: Impact }) {
  const ends = horizons.flatMap((name) => {
    const { p25, p75, median, base } = impact.horizons[name]
    return [p25, p75, median, base.p25, base.p75, ...(impact.horizons[name].median_ci95 ?? [])]
  })
  const most = Math.max(0.001, ...ends.map((end) => Math.abs(end ?? 0)))
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={says.impact}>
      <table class="impact">
        <thead>
          <tr>
            <th scope="col">{says.horizon}</th>
            <th scope="col" class="number">
              {says.median}
            </th>
            <th scope="col">{says.medianRange}</th>
            <th scope="col">{says.middle}</th>
            <th scope="col">{says.allBars}</th>
            <th scope="col" class="number">
              {says.events}
            </th>
          </tr>
        </thead>
        <tbody>
          {horizons.map((name) => (
            <Line key={name} name={name} horizon={impact.horizons[name]} most={most} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({
  name,
  horizon,
  most,
}: {
  readonly name: string
  readonly horizon: Horizon
  readonly most: number
}) {
  const { n, median, median_ci95: range, p25, p75, base, overlapping } = horizon
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">{median === null ? '—' : toChange(median)}</td>
      <td>{range === undefined ? '—' : `${toChange(range[0])} – ${toChange(range[1])}`}</td>
      <td>
        {p25 === undefined || p75 === undefined ? (
          <span class="muted small wrap">{says.fewEvents(toNumber(n))}</span>
        ) : (
          <Box low={p25} high={p75} middle={median} most={most} />
        )}
      </td>
      <td>
        {base.p25 === undefined || base.p75 === undefined ? (
          '—'
        ) : (
          <Box low={base.p25} high={base.p75} middle={base.median} most={most} isBase />
        )}
        <span class="muted small">n = {toNumber(base.n)}</span>
      </td>
      <td class="number">
        {toNumber(n)}
        {overlapping === 0 ? null : (
          <span class="muted small block">{says.overlapping(toNumber(overlapping))}</span>
        )}
      </td>
    </tr>
  )
}

/** A box plot's interquartile range, on an axis common to all rows with zero in the middle. */
function Box({
  low,
  high,
  middle,
  most,
  isBase = false,
}: {
  readonly low: number
  readonly high: number
  readonly middle: number | null
  readonly most: number
  readonly isBase?: boolean
}) {
  const x = (value: number): number => 50 + (value / most) * 50
  const said = `${toChange(low)} – ${toChange(high)}`
  return (
    <span class="box-plot">
      <svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label={said}>
        <line class="zero" x1="50" x2="50" y1="0" y2="16" />
        <rect
          class={isBase ? 'base' : 'box'}
          x={x(low)}
          y="4"
          width={Math.max(0.5, x(high) - x(low))}
          height="8"
        />
        {middle === null ? null : <line class="median" x1={x(middle)} x2={x(middle)} y1="2" y2="14" />}
      </svg>
      <span class="small">{said}</span>
    </span>
  )
}
