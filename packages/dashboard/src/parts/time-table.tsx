import { words } from '../words.ts'
import { partsWords } from '../words/parts-words.ts'
import { toNumber } from '../number-format.ts'
import type { Band } from './draw-chart.ts'
import { type Column, DataTable } from './data-table.tsx'
import { type TimeChartProps, toShown, toTime } from './time-chart.tsx'

const says = partsWords.chart

type Row = { readonly index: number; readonly ms: number; readonly band: string }

/** The values of a chart as a table. */
export function TimeTable({
  label,
  times,
  series,
  counts = [],
  format,
  bands,
}: TimeChartProps & { readonly bands: readonly Band[] }) {
  const rows = times
    .map((ms, index) => ({ index, ms, band: toBand(bands, ms, times[index + 1]) }))
    .toReversed()
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
    ...counts.map(({ name, values }, at) => ({
      id: `count-${at}`,
      title: name,
      isNumber: true as const,
      value: ({ index }: Row) => values[index] ?? null,
      cell: ({ index }: Row) => toNumber(values[index] ?? 0),
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

/** The bands between this point and the next. */
function toBand(bands: readonly Band[], ms: number, nextMs = ms + 1): string {
  const names = bands.filter(({ fromMs, toMs }) => fromMs < nextMs && toMs > ms).map(({ name }) => name)
  return names.length === 0 ? words.none : [...new Set(names)].join(', ')
}
