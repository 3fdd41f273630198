import type { MonitorPage as Page } from '@gatehouse/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { AddMonitor } from '../add-monitor.tsx'
import { at } from '../at.ts'
import { useLive } from '../live/use-live.ts'
import { firstCheckPollMs, isFirstCheckAwaited } from '../monitor-state.ts'
import { BulkActs } from '../monitors/bulk-acts.tsx'
import { HeartbeatPanel } from '../monitors/heartbeat-panel.tsx'
import { configFields } from '../monitors/kind-fields.ts'
import { useLeaving } from '../monitors/leaving.ts'
import { columnsFor, type Row } from '../monitors/monitor-columns.tsx'
import { isKnownType } from '../monitors/monitor-draft.ts'
import { readAllPages, readPage, toFilter } from '../monitors/read-monitors.ts'
import { Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Choose } from '../parts/choices.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { type TableControl, useTableState } from '../parts/table-state.ts'
import { gatehouse, usePerson } from '../session.ts'
import { TargetConfirmation } from '../target-confirmation.tsx'
import { useSettled } from '../use-settled.ts'
import { words } from '../words.ts'
import { monitorTableWords as says } from '../words/monitor-table-words.ts'
import { monitorWords } from '../words/monitor-words.ts'

const pollMs = 15_000
const filterNames = ['status', 'type', 'tag', 'page'] as const
type FilterName = (typeof filterNames)[number]
const statuses = ['down', 'degraded', 'unknown', 'up', 'paused'] as const

export function MonitorsPage() {
  const { route } = useLocation()
  const mayWrite = usePerson()?.role !== 'viewer'
  const [isJob, setIsJob] = useState(false)
  const leaving = useLeaving()
  const live = useLive(['monitors', 'maintenance', 'checks'], pollMs)
  const control = useTableState(filterNames, { sort: 'worst' })
  // Depends on the text only, because the state is a new object on each render.
  const search = useSettled(control.state.search)
  const filter = toFilter({ ...control.state, search })
  const query = useInfiniteQuery({
    ...live,
    queryKey: ['monitors', 'table', filter],
    queryFn: ({ pageParam, signal }) => readPage(filter, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: (before) => before,
    // All loaded pages are refetched, so the interval grows with their number.
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? []
      const isAwaited = pages.some(({ monitors }) => monitors.some((one) => isFirstCheckAwaited(one)))
      if (isAwaited && pages.length === 1) return firstCheckPollMs
      return live.refetchInterval === false ? false : live.refetchInterval * Math.max(1, pages.length)
    },
  })
  return (
    <>
      <Heading title={words.monitors.title} text={words.monitors.text} />
      <TargetConfirmation />
      {mayWrite ? <AddMonitor onJob={() => setIsJob(true)} /> : null}
      {isJob ? <HeartbeatPanel onClose={() => setIsJob(false)} /> : null}
      <Found query={query}>
        {({ pages }) => (
          <DataTable
            name="monitors"
            label={words.monitors.title}
            columns={columnsFor(pages.flatMap(toRows))}
            rows={pages.flatMap(toRows).filter(({ id }) => !leaving.has(id))}
            idOf={({ id }) => id}
            nameOf={({ name }) => name}
            control={control}
            {...toTotal(pages, leaving.size)}
            {...(query.hasNextPage
              ? { more: { isBusy: query.isFetchingNextPage, load: () => void query.fetchNextPage() } }
              : {})}
            onOpen={({ id }) => route(at(`/uptime/monitors/${id}`))}
            {...(mayWrite
              ? {
                  bulk: (chosen: readonly Row[], clear: () => void) => (
                    <BulkActs chosen={chosen} clear={clear} />
                  ),
                }
              : {})}
            filters={<Filters control={control} pages={pages} />}
            readAll={async () => (await readAllPages(filter)).flatMap(toRows)}
            empty={<EmptyState title={words.monitors.empty} text={words.monitors.emptyText} />}
          />
        )}
      </Found>
    </>
  )
}

function toRows({ monitors, days }: Page): readonly Row[] {
  return monitors.map((monitor) => ({ ...monitor, day: days?.[monitor.id] }))
}

function toTotal(pages: readonly Page[], leaving: number): { readonly total?: number } {
  const total = pages[0]?.total
  return total === undefined ? {} : { total: Math.max(0, total - leaving) }
}

function Filters({ control, pages }: { readonly control: TableControl; readonly pages: readonly Page[] }) {
  const services = useQuery({
    queryKey: ['services'],
    queryFn: ({ signal }) => gatehouse.uptime.services.list({ signal }),
  })
  const { filters } = control.state
  const known = pages.flatMap(({ monitors }) => monitors.flatMap(({ tags }) => tags))
  const tags = [...new Set([...known, ...(filters['tag'] === undefined ? [] : [filters['tag']])])].toSorted()
  const options: Readonly<Record<FilterName, readonly (readonly [value: string, text: string])[]>> = {
    status: statuses.map((status) => [status, words.status[status]]),
    type: Object.keys(configFields)
      .filter(isKnownType)
      .map((type) => [type, monitorWords.kinds[type]]),
    tag: tags.map((tag) => [tag, tag]),
    page: (services.data ?? []).map(({ id, name }) => [id, name]),
  }
  return (
    <>
      {filterNames.map((name) =>
        options[name].length === 0 ? null : (
          <Choose
            key={name}
            label={says.filters[name]}
            value={filters[name] ?? ''}
            options={[
              { value: '', text: says.any[name] },
              ...options[name].map(([value, text]) => ({ value, text })),
            ]}
            onChoose={(value) => control.change({ filters: { ...filters, [name]: value } })}
          />
        ),
      )}
    </>
  )
}
