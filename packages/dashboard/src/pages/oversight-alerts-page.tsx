import { useInfiniteQuery } from '@tanstack/react-query'
import { at } from '../at.ts'
import { useLive } from '../live/use-live.ts'
import { ExactMoment } from '../moment.tsx'
import { Acknowledge, AlertWords, SeverityMark } from '../oversight/alert-list.tsx'
import { type Alert, oversight } from '../oversight/oversight-calls.ts'
import { Found, Heading } from '../parts.tsx'
import { Choose } from '../parts/choices.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { useTableState } from '../parts/table-state.ts'
import { reviewWords } from '../words/review-words.ts'

const says = reviewWords.alerts
const states = ['open', 'acknowledged', 'closed'] as const
const severities = ['high', 'medium', 'low'] as const
const pageSize = 50

export function OversightAlertsPage() {
  const control = useTableState(['state', 'severity'])
  const { filters, search } = control.state
  const state = states.find((known) => known === filters['state'])
  const severity = severities.find((known) => known === filters['severity'])
  const query = useInfiniteQuery({
    queryKey: ['oversight-alerts', state, severity],
    queryFn: ({ pageParam, signal }) =>
      oversight.alerts.list(
        {
          limit: pageSize,
          ...(state === undefined ? {} : { state }),
          ...(severity === undefined ? {} : { severity }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        { signal },
      ),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    ...useLive(['alerts'], 30_000),
  })
  const set = (name: string, value: string): void =>
    control.change({ filters: { ...filters, [name]: value } })
  const sought = search.trim().toLowerCase()
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Found query={query}>
        {({ pages }) => (
          <DataTable
            name="oversight-alerts"
            label={says.title}
            columns={columns}
            rows={pages
              .flatMap(({ alerts }) => alerts)
              .filter(({ kind, operator_id: id }) =>
                `${says.kinds[kind]} ${id ?? ''}`.toLowerCase().includes(sought),
              )}
            idOf={({ alert_id: id }) => id}
            nameOf={({ kind }) => says.kinds[kind]}
            control={control}
            {...(query.hasNextPage
              ? { more: { isBusy: query.isFetchingNextPage, load: () => void query.fetchNextPage() } }
              : {})}
            filters={
              <>
                <Choose
                  label={says.state}
                  value={state ?? ''}
                  options={[
                    { value: '', text: says.anyState },
                    ...states.map((value) => ({ value, text: says.states[value] })),
                  ]}
                  onChoose={(value) => set('state', value)}
                />
                <Choose
                  label={says.severity}
                  value={severity ?? ''}
                  options={[
                    { value: '', text: says.anySeverity },
                    ...severities.map((value) => ({ value, text: says.severities[value] })),
                  ]}
                  onChoose={(value) => set('severity', value)}
                />
              </>
            }
            empty={
              <EmptyState title={says.empty} text={says.emptyText}>
                <a class="button" href={at('/oversight/organisation')}>
                  {says.emptyAction}
                </a>
              </EmptyState>
            }
          />
        )}
      </Found>
    </>
  )
}

const columns: readonly Column<Alert>[] = [
  {
    id: 'severity',
    title: says.severity,
    value: ({ severity }) => severity,
    cell: ({ severity }) => <SeverityMark severity={severity} />,
    width: '22%',
    isMinor: true,
  },
  {
    id: 'alert',
    title: says.alert,
    value: ({ kind, operator_id: id }) => `${says.kinds[kind]} ${id ?? ''}`.trim(),
    cell: (alert) => <AlertWords alert={alert} />,
  },
  {
    id: 'state',
    title: says.state,
    value: ({ state }) => state,
    cell: ({ state }) => says.states[state],
    width: '7rem',
    isMinor: true,
  },
  {
    id: 'opened',
    title: says.opened,
    value: ({ opened_at: opened }) => opened,
    cell: ({ opened_at: opened }) => <ExactMoment at={opened} />,
    width: '12rem',
    isMinor: true,
  },
  {
    id: 'act',
    title: says.acknowledge,
    value: ({ acknowledged_at: seen }) => seen,
    cell: (alert) => (alert.state === 'open' ? <Acknowledge alert={alert} /> : '—'),
    width: '9rem',
  },
]
