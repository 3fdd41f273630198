import { Moment } from '../moment.tsx'
import { toNumber, toPercent, toPrice } from '../number-format.ts'
import type { Column } from '../parts/data-table.tsx'
import { volatilityWords } from '../words/volatility-words.ts'
import { RegimeMark } from './regime-mark.tsx'
import type { Regime } from './regimes.ts'

const says = volatilityWords.transitions

/** Columns common to regime changes of one symbol and of all. */
export type Change = {
  readonly ts_ms: number
  readonly from: Regime
  readonly to: Regime
  readonly z_vol: number | null
  readonly realized_vol: number | null
  readonly close: number | null
  readonly late: boolean
}

export const changeColumns: readonly Column<Change>[] = [
  {
    id: 'when',
    title: says.when,
    value: ({ ts_ms: atMs }) => new Date(atMs).toISOString(),
    cell: ({ ts_ms: atMs, late }) => (
      <>
        <Moment at={atMs} />
        {late ? <span class="muted small"> {says.late}</span> : null}
      </>
    ),
  },
  {
    id: 'from',
    title: says.from,
    value: ({ from }) => from,
    cell: ({ from }) => <RegimeMark regime={from} />,
  },
  { id: 'to', title: says.to, value: ({ to }) => to, cell: ({ to }) => <RegimeMark regime={to} /> },
  {
    id: 'z',
    title: says.z,
    value: ({ z_vol: z }) => z,
    cell: ({ z_vol: z }) => (z === null ? '—' : `${toNumber(z)} σ`),
    isNumber: true,
    isMinor: true,
  },
  {
    id: 'realised',
    title: says.realised,
    value: ({ realized_vol: rv }) => rv,
    cell: ({ realized_vol: rv }) => (rv === null ? '—' : toPercent(rv)),
    isNumber: true,
    isMinor: true,
  },
  {
    id: 'price',
    title: says.price,
    value: ({ close }) => close,
    cell: ({ close }) => (close === null ? '—' : toPrice(close)),
    isNumber: true,
    isMinor: true,
  },
]
