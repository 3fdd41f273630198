import { useInfiniteQuery } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { at } from '../at.ts'
import { Moment } from '../moment.tsx'
import { toNumber } from '../number-format.ts'
import { BandMark } from '../oversight/band-mark.tsx'
import { bands, type Operator, oversight, roleClasses } from '../oversight/oversight-calls.ts'
import { Found, Heading } from '../parts.tsx'
import { Choose } from '../parts/choices.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { useTableState } from '../parts/table-state.ts'
import { oversightWords } from '../words/oversight-words.ts'

const says = oversightWords.list
const pageSize = 100

/** The domain with most of the operator's decisions. */
function mainOf({ domains }: Operator): Operator['domains'][number] | undefined {
  return domains.toSorted((one, other) => other.interactions - one.interactions)[0]
}

export function OperatorsPage() {
  const { route } = useLocation()
  const control = useTableState(['band', 'role', 'alert'])
  const { filters, search } = control.state
  const band = bands.find((known) => known === filters['band'])
  const role = roleClasses.find((known) => known === filters['role'])
  const hasAlert = filters['alert'] === 'true'
  const query = useInfiniteQuery({
    queryKey: ['operators', band, role, hasAlert],
    queryFn: ({ pageParam, signal }) =>
      oversight.operators.list(
        {
          limit: pageSize,
          ...(band === undefined ? {} : { band }),
          ...(role === undefined ? {} : { role_class: role }),
          ...(hasAlert ? { has_alert: 'true' as const } : {}),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        { signal },
      ),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
  })
  const set = (name: string, value: string): void =>
    control.change({ filters: { ...filters, [name]: value } })
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Found query={query}>
        {({ pages }) => {
          const rows = pages.flatMap(({ operators }) => operators)
          return (
            <DataTable
              name="operators"
              label={says.title}
              columns={columns}
              rows={rows.filter(({ operator_id: id }) =>
                id.toLowerCase().includes(search.trim().toLowerCase()),
              )}
              idOf={({ operator_id: id }) => id}
              nameOf={({ operator_id: id }) => id}
              control={control}
              onOpen={({ operator_id: id }) => route(at(`/oversight/operators/${encodeURIComponent(id)}`))}
              {...(query.hasNextPage
                ? { more: { isBusy: query.isFetchingNextPage, load: () => void query.fetchNextPage() } }
                : {})}
              filters={
                <>
                  <Choose
                    label={says.band}
                    value={band ?? ''}
                    options={[
                      { value: '', text: says.anyBand },
                      ...bands.map((value) => ({ value, text: oversightWords.bands[value] })),
                    ]}
                    onChoose={(value) => set('band', value)}
                  />
                  <Choose
                    label={says.role}
                    value={role ?? ''}
                    options={[
                      { value: '', text: says.anyRole },
                      ...roleClasses.map((value) => ({ value, text: oversightWords.roles[value] })),
                    ]}
                    onChoose={(value) => set('role', value)}
                  />
                  <Choose
                    label={says.alerts}
                    value={hasAlert ? 'true' : ''}
                    options={[
                      { value: '', text: says.anyAlert },
                      { value: 'true', text: says.withAlert },
                    ]}
                    onChoose={(value) => set('alert', value)}
                  />
                </>
              }
              empty={
                <EmptyState title={says.empty} text={says.emptyText}>
                  <a class="button" href={at('/oversight/imports')}>
                    {oversightWords.org.emptyImport}
                  </a>
                </EmptyState>
              }
            />
          )
        }}
      </Found>
      <p class="muted small">{oversightWords.notQualityText}</p>
    </>
  )
}

const columns: readonly Column<Operator>[] = [
  {
    id: 'operator',
    title: says.operator,
    value: ({ operator_id: id }) => id,
    cell: ({ operator_id: id }) => (
      <a class="name" title={id} href={at(`/oversight/operators/${encodeURIComponent(id)}`)}>
        {id}
      </a>
    ),
  },
  {
    id: 'standing',
    title: says.standing,
    value: (operator) => mainOf(operator)?.band ?? null,
    cell: (operator) => <BandMark band={mainOf(operator)?.band ?? null} />,
    width: '10rem',
  },
  {
    id: 'score',
    title: says.score,
    value: (operator) => mainOf(operator)?.displayed_jis ?? null,
    cell: (operator) => {
      const score = mainOf(operator)?.displayed_jis ?? null
      return score === null ? '—' : toNumber(score)
    },
    isNumber: true,
    isMinor: true,
    width: '7.5rem',
  },
  {
    id: 'interval',
    title: says.interval,
    value: (operator) => mainOf(operator)?.jis_interval?.join('…') ?? null,
    cell: (operator) => {
      const range = mainOf(operator)?.jis_interval ?? null
      return range === null ? '—' : `${toNumber(range[0])} … ${toNumber(range[1])}`
    },
    isNumber: true,
    isMinor: true,
    width: '8.5rem',
  },
  {
    id: 'decisions',
    title: says.decisions,
    value: ({ domains }) => domains.reduce((sum, { interactions }) => sum + interactions, 0),
    isNumber: true,
    isMinor: true,
    width: '6.5rem',
  },
  {
    id: 'role',
    title: says.role,
    value: ({ role_class: role }) => role,
    cell: ({ role_class: role, notice_given_at: notice }) => (
      <>
        {oversightWords.roles[role]}
        {notice === null ? <span class="muted small"> · {says.noNotice}</span> : null}
      </>
    ),
    isMinor: true,
  },
  {
    id: 'alerts',
    title: says.alerts,
    value: ({ alerts_open: count }) => count,
    isNumber: true,
    width: '5rem',
    isMinor: true,
  },
  {
    id: 'seen',
    title: says.lastSeen,
    value: ({ last_seen: seen }) => seen,
    cell: ({ last_seen: seen }) => <Moment at={seen} />,
    width: '7.5rem',
    isMinor: true,
  },
]
