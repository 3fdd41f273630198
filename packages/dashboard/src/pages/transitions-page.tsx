import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { at } from '../at.ts'
import { useLive } from '../live/use-live.ts'
import { toNumber } from '../number-format.ts'
import { Found, Heading } from '../parts.tsx'
import { Choose } from '../parts/choices.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { sortRows } from '../parts/sort-rows.ts'
import { useTableState } from '../parts/table-state.ts'
import { gatehouse } from '../session.ts'
import { changeColumns, type Change } from '../volatility/change-columns.tsx'
import { nowEveryMs, regimes, timeframes, toShownSymbol } from '../volatility/regimes.ts'
import { volatilityWords } from '../words/volatility-words.ts'

const says = volatilityWords.transitions
const most = 500

type Told = Awaited<ReturnType<typeof gatehouse.volatility.members.events>>['events'][number]
type Event = Change & Pick<Told, 'seq' | 'symbol' | 'timeframe' | 'deliveries'>

export function TransitionsPage() {
  const { route } = useLocation()
  const control = useTableState(['timeframe', 'to'])
  const { timeframe, to } = {
    timeframe: timeframes.find((one) => one === control.state.filters['timeframe']),
    to: regimes.find((one) => one === control.state.filters['to']),
  }
  const query = useQuery({
    queryKey: ['regime-events', timeframe, to],
    queryFn: ({ signal }) =>
      gatehouse.volatility.members.events(
        {
          limit: most,
          ...(timeframe === undefined ? {} : { timeframe }),
          ...(to === undefined ? {} : { to }),
        },
        { signal },
      ),
    ...useLive(['regimes'], nowEveryMs),
  })
  const setFilter = (name: string, value: string): void =>
    control.change({ filters: { ...control.state.filters, [name]: value } })
  const search = control.state.search.trim().toLowerCase()
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Found query={query}>
        {({ events }) => (
          <>
            <DataTable
              name="transitions"
              label={says.title}
              columns={columns}
              rows={sortRows(
                events.map(toEvent).filter(({ symbol }) => symbol.includes(search)),
                columns,
                control.state,
              )}
              idOf={({ seq }) => String(seq)}
              nameOf={({ symbol, timeframe: of }) => `${toShownSymbol(symbol)} ${of}`}
              control={control}
              onOpen={({ symbol, timeframe: of }) =>
                route(`${at(`/volatility/symbol/${symbol}`)}?timeframe=${of}`)
              }
              filters={
                <>
                  <Choose
                    label={volatilityWords.timeframe}
                    value={timeframe ?? ''}
                    options={[
                      { value: '', text: volatilityWords.anyTimeframe },
                      ...timeframes.map((value) => ({ value, text: value })),
                    ]}
                    onChoose={(value) => setFilter('timeframe', value)}
                  />
                  <Choose
                    label={says.into}
                    value={to ?? ''}
                    options={[
                      { value: '', text: says.intoAny },
                      ...regimes.map((value) => ({ value, text: volatilityWords.regimes[value] })),
                    ]}
                    onChoose={(value) => setFilter('to', value)}
                  />
                </>
              }
              empty={
                <EmptyState title={says.empty} text={says.emptyText}>
                  <a class="button" href={at('/volatility/board')}>
                    {says.emptyAction}
                  </a>
                </EmptyState>
              }
            />
            {events.length < most ? null : <p class="muted small">{says.most(toNumber(most))}</p>}
          </>
        )}
      </Found>
    </>
  )
}

const columns: readonly Column<Event>[] = [
  {
    id: 'symbol',
    title: volatilityWords.symbol,
    value: ({ symbol }) => symbol,
    cell: ({ symbol, timeframe }) => (
      <a class="name" href={`${at(`/volatility/symbol/${symbol}`)}?timeframe=${timeframe}`}>
        {toShownSymbol(symbol)}
        <span class="muted small block narrow-only"> {timeframe}</span>
      </a>
    ),
    isSortable: true,
  },
  {
    id: 'timeframe',
    title: volatilityWords.timeframe,
    value: ({ timeframe }) => timeframe,
    width: '7rem',
    isMinor: true,
  },
  ...changeColumns,
  {
    id: 'told',
    title: says.told,
    value: ({ deliveries }) => deliveries,
    cell: ({ deliveries }) => (deliveries === 0 ? says.notTold : says.toldTimes(toNumber(deliveries))),
    isMinor: true,
  },
]

/** The event includes the series' figures, which are not listed in its contract. */
function toEvent(told: Told): Event {
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)
  const { seq, symbol, timeframe, deliveries, ts_ms: atMs, from, to } = told
  return {
    seq,
    symbol,
    timeframe,
    deliveries,
    ts_ms: atMs,
    from,
    to,
    z_vol: number(told['z_vol']),
    realized_vol: number(told['realized_vol']),
    close: number(told['close']),
    late: told['late'] === true,
  }
}
