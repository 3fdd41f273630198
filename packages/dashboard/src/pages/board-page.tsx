import { useQuery } from '@tanstack/react-query'
import { at } from '../at.ts'
import { Moment } from '../moment.tsx'
import { toNumber, toWholePercent } from '../number-format.ts'
import { Found, Heading } from '../parts.tsx'
import { Choose } from '../parts/choices.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { useTableState } from '../parts/table-state.ts'
import { gatehouse } from '../session.ts'
import { toSpan } from '../to-ago.ts'
import { FeedStates } from '../volatility/feed-states.tsx'
import { RegimeMark } from '../volatility/regime-mark.tsx'
import { RegimeStrip } from '../volatility/regime-strip.tsx'
import {
  type Board,
  type BoardCell,
  type BoardRow,
  nowEveryMs,
  type Timeframe,
  toShownSymbol,
} from '../volatility/regimes.ts'
import { volatilityWords } from '../words/volatility-words.ts'

const says = volatilityWords.board

export function BoardPage() {
  const query = useQuery({
    queryKey: ['regime-board'],
    queryFn: ({ signal }) => gatehouse.volatility.getBoard({}, { signal }),
    refetchInterval: nowEveryMs,
  })
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Found query={query}>
        {(board) =>
          board.symbols.some(({ last_update_ms: bar }) => bar !== null) ? (
            <WholeBoard board={board} />
          ) : (
            <EmptyState title={says.empty} text={says.emptyText}>
              <a class="button" href={`${at('/volatility/board')}#feeds`}>
                {says.emptyAction}
              </a>
            </EmptyState>
          )
        }
      </Found>
      <FeedStates />
    </>
  )
}

const showing = ['', 'high', 'stale'] as const

function WholeBoard({ board }: { readonly board: Board }) {
  const { state, change } = useTableState(['show'])
  const show = showing.find((one) => one === state.filters['show']) ?? ''
  const rows = board.symbols.filter(
    (row) =>
      row.symbol.includes(state.search.trim().toLowerCase()) &&
      (show !== 'stale' || row.stale) &&
      (show !== 'high' || Object.values(row.cells).some((cell) => cell?.regime === 'high')),
  )
  return (
    <>
      {board.feed === 'simulated' ? (
        <p class="muted small" role="note">
          {volatilityWords.simulated}
        </p>
      ) : null}
      <RegimeStrip board={board} />
      <div class="data-bar">
        <input
          type="search"
          class="search"
          data-search
          aria-label={says.find}
          placeholder={says.find}
          value={state.search}
          onInput={({ currentTarget }) => change({ search: currentTarget.value })}
        />
        <Choose
          label={says.only}
          value={show}
          options={[
            { value: '', text: says.everything },
            { value: 'high', text: says.onlyHigh },
            { value: 'stale', text: says.onlyStale },
          ]}
          onChoose={(value) => change({ filters: { show: value } })}
        />
      </div>
      {rows.length === 0 ? (
        <p class="muted center">{says.none}</p>
      ) : (
        <div class="board-box" tabIndex={0} role="group" aria-label={says.title}>
          <table class="board">
            <thead>
              <tr>
                <th scope="col">{volatilityWords.symbol}</th>
                {board.timeframes.map((timeframe) => (
                  <th key={timeframe} scope="col">
                    {timeframe}
                  </th>
                ))}
                <th scope="col">{says.updated}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.symbol} row={row} timeframes={board.timeframes} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="muted small">{volatilityWords.never}</p>
    </>
  )
}

function Row({ row, timeframes }: { readonly row: BoardRow; readonly timeframes: readonly Timeframe[] }) {
  return (
    <tr class={row.stale ? 'stale-row' : ''}>
      <th scope="row">
        <a href={at(`/volatility/symbol/${row.symbol}`)}>{toShownSymbol(row.symbol)}</a>
      </th>
      {timeframes.map((timeframe) => (
        <td key={timeframe}>
          <Cell row={row} timeframe={timeframe} cell={row.cells[timeframe]} />
        </td>
      ))}
      <td class="muted small">
        <Moment at={row.last_update_ms} />
        {row.stale ? <strong class="stale-word"> {volatilityWords.stale}</strong> : null}
      </td>
    </tr>
  )
}

function Cell({
  row,
  timeframe,
  cell,
}: {
  readonly row: BoardRow
  readonly timeframe: Timeframe
  readonly cell: BoardCell | null
}) {
  if (cell === null) return <span class="cell none">{volatilityWords.regimes.none}</span>
  return (
    <a
      class={`cell ${cell.regime ?? 'none'}`}
      href={`${at(`/volatility/symbol/${row.symbol}`)}?timeframe=${timeframe}`}
      title={sayCell(cell)}
    >
      <RegimeMark regime={cell.regime} />
      <span class="cell-note">{cell.regime === null ? '' : toNote(cell)}</span>
    </a>
  )
}

/** The confidence if it is known, else how long the state has lasted. */
function toNote({ confidence, seconds_in_state: seconds }: BoardCell): string {
  if (confidence !== null) return toWholePercent(confidence)
  return seconds === null ? '' : toSpan(seconds * 1_000)
}

function sayCell({
  regime,
  confidence,
  confidence_sample: n,
  confidence_reason: reason,
  ...cell
}: BoardCell) {
  if (regime === null) return volatilityWords.warmingLong(toNumber(cell.bars_until_ready))
  const held =
    cell.seconds_in_state === null ? '' : volatilityWords.since(toSpan(cell.seconds_in_state * 1_000))
  const sure =
    confidence !== null && n !== null
      ? volatilityWords.confidence(toWholePercent(confidence), toNumber(n))
      : volatilityWords.confidenceReasons[reason ?? 'no_table']
  return [held, sure].filter((part) => part !== '').join('; ')
}
