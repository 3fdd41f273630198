import type { Monitor } from '@gatehouse/sdk'
import { at } from '../at.ts'
import { toShownStatus } from '../monitor-state.ts'
import { toUptime } from '../number-format.ts'
import { Ago, Badge } from '../parts.tsx'
import type { Column } from '../parts/data-table.tsx'
import { Sparkline } from '../parts/sparkline.tsx'
import { toLastError } from '../to-reason.ts'
import { words } from '../words.ts'
import { monitorTableWords as says } from '../words/monitor-table-words.ts'
import { monitorWords } from '../words/monitor-words.ts'
import { spanWords } from '../words/span-words.ts'
import { HourBar } from './hour-bar.tsx'
import type { MonitorDay } from './read-monitors.ts'

export type Row = Monitor & { readonly day: MonitorDay | undefined }

/** Without the tags column if no monitor has a tag, so that names and targets get its width. */
export function columnsFor(rows: readonly Row[]): readonly Column<Row>[] {
  return rows.some(({ tags }) => tags.length > 0)
    ? monitorColumns
    : monitorColumns.filter(({ id }) => id !== 'tags')
}

/** The columns of the monitor table. */
const monitorColumns: readonly Column<Row>[] = [
  {
    id: 'name',
    title: words.monitors.name,
    value: ({ name }) => name,
    cell: (row) => (
      <>
        <a class="name" href={at(`/uptime/monitors/${row.id}`)}>
          {row.name}
        </a>
        <div class="muted small cut" title={toSecondLine(row)}>
          {toSecondLine(row)}
        </div>
      </>
    ),
    isSortable: true,
  },
  {
    id: 'worst',
    title: words.monitors.status,
    value: (row) => words.status[toShownStatus(row)],
    cell: (row) => <Badge status={toShownStatus(row)} />,
    isSortable: true,
    width: '8rem',
  },
  {
    id: 'day',
    title: says.day,
    value: ({ day }) => (day === undefined ? null : day.hours.map((state) => state ?? '').join(' ')),
    cell: ({ name, day }) => <HourBar name={name} hours={day?.hours ?? []} />,
    width: '9.5rem',
    isMinor: true,
  },
  {
    id: 'uptime',
    title: says.uptime,
    value: ({ day }) => day?.uptime ?? null,
    cell: ({ day }) => toUptime(day?.uptime),
    isNumber: true,
    width: '5.5rem',
    isMinor: true,
  },
  {
    id: 'response',
    title: words.monitors.response,
    value: ({ lastResponseMs }) => lastResponseMs,
    cell: ({ name, lastResponseMs, day }) => (
      <span class="with-line">
        <Sparkline values={day?.responsesMs ?? []} label={says.responses(name)} />
        {lastResponseMs === null ? words.none : spanWords.milliseconds(String(lastResponseMs))}
      </span>
    ),
    isNumber: true,
    width: '12rem',
    isMinor: true,
  },
  {
    id: 'tags',
    title: says.tags,
    value: ({ tags }) => tags.join(', '),
    cell: ({ tags }) => tags.join(', '),
    width: '5.5rem',
    isMinor: true,
    isSpare: true,
  },
  {
    id: 'checked',
    title: words.monitors.checked,
    value: ({ lastCheckedAt }) => lastCheckedAt,
    cell: ({ lastCheckedAt }) => <Ago at={lastCheckedAt} />,
    width: '7rem',
    isMinor: true,
  },
]

const kindNames = new Map<string, string>(Object.entries(monitorWords.kinds))

function toSecondLine(row: Row): string {
  const lastError = toLastError(row)
  if (lastError === null) return row.shownTarget ?? kindNames.get(row.type) ?? row.type
  return toShownStatus(row) === 'neverUp' ? `${says.neverUp} ${lastError}` : lastError
}
