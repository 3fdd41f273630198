import { words } from '../words.ts'
import { partsWords } from '../words/parts-words.ts'
import type { Band } from './draw-chart.ts'
import { type Column, DataTable } from './data-table.tsx'
import { type TimeChartProps, toShown, toTime } from './time-chart.tsx'

const says = partsWords.chart

type Row = { readonly index: number; readonly ms: number; readonly band: string }

/** What a chart shows, in figures. */
export function TimeTable({
  label,
  times,
  series,
  format,
  bands,
}: TimeChartProps & { readonly bands: readonly Band[] }) {
  const rows = times.map((ms, index) => ({ index, ms, band: toBand(bands, ms) })).toReversed()
  const columns: readonly Column<Row>[] = [
    {
      id: 'time',
      title: says.time,
      value: ({ ms }) => new Date(ms).toISOString(),
      cell: ({ ms }) => toTime(ms),
    },
    ...series.map(({ name, values }, at) => ({
      id: `series-${at}`,
      title: name,
      isNumber: true as const,
      value: ({ index }: Row) => values[index] ?? null,
      cell: ({ index }: Row) => toShown(values[index], format),
    })),
    ...(bands.length === 0 ? [] : [{ id: 'band', title: says.bands, value: ({ band }: Row) => band }]),
  ]
  return (
    <DataTable
      name="chart"
      label={label}
      columns={columns}
      rows={rows}
      idOf={({ index }) => String(index)}
      nameOf={({ ms }) => toTime(ms)}
    />
  )
}

function toBand(bands: readonly Band[], ms: number): string {
  return bands.find(({ fromMs, toMs }) => ms >= fromMs && ms < toMs)?.name ?? words.none
}
