import type { ComponentType } from 'preact'
import { useState } from 'preact/hooks'
import { toWholePercent } from '../number-format.ts'
import { type Column, DataTable } from './data-table.tsx'
import type { Band } from './draw-chart.ts'
import { EmptyState } from './empty-state.tsx'
import { StatusMark, type Tone } from './status-mark.tsx'
import { sortRows } from './sort-rows.ts'
import { useTableState } from './table-state.ts'
import { TimeChart } from './time-chart.tsx'

type Row = { readonly id: string; readonly name: string; readonly tone: Tone; readonly ms: number | null }

const tones = ['ok', 'down', 'degraded', 'paused', 'ok', 'ok'] as const
const toRow = (_: unknown, index: number): Row => ({
  id: String(index),
  name: index === 3 ? `https://example.com/${'a-long-path/'.repeat(21)}` : `Monitor ${index + 1}`,
  tone: tones[index % tones.length] ?? 'ok',
  ms: index % 7 === 6 ? null : (index * 37) % 911,
})
const few = Array.from({ length: 8 }, toRow)
const many = Array.from({ length: 10_000 }, toRow)

const columns: readonly Column<Row>[] = [
  { id: 'name', title: 'Monitor', value: ({ name }) => name, isSortable: true },
  {
    id: 'state',
    title: 'State',
    value: ({ tone }) => tone,
    cell: ({ tone }) => <StatusMark tone={tone} text={tone} />,
    width: '9rem',
  },
  {
    id: 'ms',
    title: 'Response',
    value: ({ ms }) => ms,
    isNumber: true,
    isSortable: true,
    width: '8rem',
    isMinor: true,
  },
]

function Table({ label, rows }: { readonly label: string; readonly rows: readonly Row[] }) {
  const control = useTableState()
  const [opened, setOpened] = useState('')
  const { search } = control.state
  return (
    <>
      <DataTable
        name="parts"
        label={label}
        columns={columns}
        rows={sortRows(
          rows.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase())),
          columns,
          control.state,
        )}
        idOf={({ id }) => id}
        nameOf={({ name }) => name}
        control={control}
        onOpen={({ name }) => setOpened(name)}
        bulk={(chosen, clear) => (
          <button type="button" onClick={clear}>
            Pause {chosen.length}
          </button>
        )}
        empty={<EmptyState title="No monitors" text="Nothing is watched yet." />}
      />
      {opened === '' ? null : <p class="small cut">Opened {opened}</p>}
    </>
  )
}

const hourMs = 3_600_000
const startMs = Date.parse('2026-03-01T00:00:00Z')
const toTimes = (count: number, stepMs: number): number[] =>
  Array.from({ length: count }, (_, index) => startMs + index * stepMs)
const wave = (index: number, high: number): number =>
  Math.round(high + high * 0.4 * Math.sin(index / 6) + ((index * 7) % 11))
const times = toTimes(144, hourMs / 6)
const phases = ['DNS', 'Connect', 'TLS', 'First byte', 'Transfer'].map((name, at) => ({
  name,
  isStacked: true as const,
  values: times.map((_, index) => (index > 60 && index < 66 ? null : wave(index, 10 + at * 14))),
}))
const bands: readonly Band[] = [
  { fromMs: startMs + 10 * hourMs, toMs: startMs + 11 * hourMs, tone: 'down', name: 'Outage' },
  { fromMs: startMs + 18 * hourMs, toMs: startMs + 20 * hourMs, tone: 'maintenance', name: 'Maintenance' },
]
const manyTimes = toTimes(10_000, hourMs / 12)
const long = [{ name: 'Volatility', values: manyTimes.map((_, index) => wave(index / 40, 30)) }]
const changes: readonly (readonly [tone: Band['tone'], day: number])[] = [
  ['low', 0],
  ['normal', 8],
  ['high', 16],
  ['normal', 22],
  ['low', 27],
]
const toDayMs = (day: number): number => startMs + day * 24 * hourMs
const regimes: readonly Band[] = changes.map(([tone, day], at) => ({
  tone,
  name: tone,
  fromMs: toDayMs(day),
  toMs: toDayMs(changes[at + 1]?.[1] ?? 35),
}))
const ms = (value: number): string => `${Math.round(value)} ms`

export const dataSamples: readonly (readonly [string, Readonly<Record<string, ComponentType>>])[] = [
  [
    'DataTable',
    {
      'a few rows, one of a long URL': () => <Table label="monitors" rows={few} />,
      '10,000 rows': () => <Table label="many monitors" rows={many} />,
      empty: () => <Table label="no monitors" rows={[]} />,
    },
  ],
  [
    'TimeChart',
    {
      'phases with an outage and maintenance': () => (
        <TimeChart label="Response time" times={times} series={phases} format={ms} bands={bands} />
      ),
      '10,000 points in regimes': () => (
        <TimeChart
          label="Volatility"
          times={manyTimes}
          series={long}
          format={(value) => toWholePercent(value / 100)}
          bands={regimes}
        />
      ),
      empty: () => <TimeChart label="Response time" times={[]} series={[]} format={ms} />,
    },
  ],
]
