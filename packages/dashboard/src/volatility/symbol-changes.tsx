import { useQuery } from '@tanstack/react-query'
import { Section } from '../controls.tsx'
import { Found } from '../parts.tsx'
import { DataTable } from '../parts/data-table.tsx'
import type { TableControl } from '../parts/table-state.ts'
import { gatehouse } from '../session.ts'
import { toExact } from '../to-exact.ts'
import { volatilityWords } from '../words/volatility-words.ts'
import { changeColumns } from './change-columns.tsx'
import type { Timeframe } from './regimes.ts'

const most = 200
/** A fixed state, because the page's address holds its own choices. */
const control: TableControl = {
  state: { search: '', sort: undefined, isDescending: false, filters: {} },
  change: () => undefined,
}

/** The newest regime changes of one symbol. */
export function SymbolChanges({
  symbol,
  timeframe,
}: {
  readonly symbol: string
  readonly timeframe: Timeframe
}) {
  const query = useQuery({
    queryKey: ['regime-history', symbol, timeframe],
    queryFn: ({ signal }) => gatehouse.volatility.getHistory(symbol, { timeframe, limit: most }, { signal }),
  })
  return (
    <Section title={volatilityWords.page.tabs.transitions}>
      <Found query={query}>
        {({ transitions }) => (
          <DataTable
            name={`${symbol}-${timeframe}-transitions`}
            label={volatilityWords.page.tabs.transitions}
            columns={changeColumns}
            rows={transitions.toReversed()}
            idOf={({ ts_ms: atMs }) => String(atMs)}
            nameOf={({ ts_ms: atMs }) => toExact(atMs)}
            control={control}
            empty={<p class="muted">{volatilityWords.page.noChange}</p>}
          />
        )}
      </Found>
    </Section>
  )
}
