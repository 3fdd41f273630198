import { useInfiniteQuery } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { at } from '../at.ts'
import { useLive } from '../live/use-live.ts'
import { ExactMoment } from '../moment.tsx'
import { Assignee, RiskMark, StateMark, TimeLeft } from '../oversight/decision-marks.tsx'
import { decisions, type ListedDecision } from '../oversight/oversight-calls.ts'
import { Found, Heading } from '../parts.tsx'
import { Choose, Segments } from '../parts/choices.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { useTableState } from '../parts/table-state.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { reviewWords } from '../words/review-words.ts'

const says = reviewWords.decisions
const views = ['waiting', 'all'] as const
const tiers = ['critical', 'high', 'medium', 'low'] as const
const states = ['pending', 'resolved', 'expired', 'blocked', 'released'] as const
const pageSize = 50

export function DecisionsPage() {
  const { route } = useLocation()
  const control = useTableState(['view', 'tier', 'state'])
  const { filters, search } = control.state
  const view = views.find((known) => known === filters['view']) ?? 'waiting'
  const tier = tiers.find((known) => known === filters['tier'])
  const state = states.find((known) => known === filters['state'])
  const query = useInfiniteQuery({
    queryKey: ['decisions', view, tier, state],
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) }
      return view === 'waiting'
        ? decisions.queue({ ...page, ...(tier === undefined ? {} : { tier }) }, { signal })
        : decisions.list({ ...page, ...(state === undefined ? {} : { state }) }, { signal })
    },
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    ...useLive(['decisions'], 10_000),
  })
  const set = (name: string, value: string): void =>
    control.change({ filters: { ...filters, [name]: value } })
  const sought = search.trim().toLowerCase()
  return (
    <>
      <Heading title={says.title} text={says.text}>
        <Segments
          label={says.title}
          value={view}
          options={views.map((value) => ({ value, text: says.views[value] }))}
          onChoose={(value) => control.change({ filters: { view: value } })}
        />
      </Heading>
      <Found query={query}>
        {({ pages }) => {
          const rows = pages.flatMap(({ decisions: found }) => found)
          if (rows.length === 0 && tier === undefined && state === undefined)
            return view === 'waiting' ? <NothingWaits onAll={() => set('view', 'all')} /> : <Nothing />
          return (
            <DataTable
              name={`decisions-${view}`}
              label={says.title}
              columns={view === 'waiting' ? waitingColumns : allColumns}
              rows={rows.filter((row) => toNames(row).includes(sought))}
              idOf={({ ai_decision_log_id: id }) => id}
              nameOf={toName}
              control={control}
              onOpen={({ ai_decision_log_id: id }) => route(at(`/oversight/decisions/${id}`))}
              {...(query.hasNextPage
                ? { more: { isBusy: query.isFetchingNextPage, load: () => void query.fetchNextPage() } }
                : {})}
              filters={
                view === 'waiting' ? (
                  <Choose
                    label={says.risk}
                    value={tier ?? ''}
                    options={[
                      { value: '', text: says.anyTier },
                      ...tiers.map((value) => ({ value, text: says.tiers[value] })),
                    ]}
                    onChoose={(value) => set('tier', value)}
                  />
                ) : (
                  <Choose
                    label={says.state}
                    value={state ?? ''}
                    options={[
                      { value: '', text: says.anyState },
                      ...states.map((value) => ({ value, text: says.states[value] })),
                    ]}
                    onChoose={(value) => set('state', value)}
                  />
                )
              }
            />
          )
        }}
      </Found>
    </>
  )
}

function NothingWaits({ onAll }: { readonly onAll: () => void }) {
  return (
    <EmptyState title={says.emptyQueue} text={says.emptyQueueText}>
      <button type="button" onClick={onAll}>
        {says.seeAll}
      </button>
    </EmptyState>
  )
}

function Nothing() {
  return (
    <EmptyState title={says.emptyAll} text={says.emptyAllText}>
      <a class="button" href={at('/keys')}>
        {says.key}
      </a>
    </EmptyState>
  )
}

function toName({ domain, decision_category: category }: ListedDecision): string {
  return [oversightWords.domains[domain], ...(category === null ? [] : [category])].join(' · ')
}

function toNames(row: ListedDecision): string {
  return [toName(row), row.operator_id ?? '', row.assignee ?? '', row.ai_decision_log_id]
    .join(' ')
    .toLowerCase()
}

const decisionColumn: Column<ListedDecision> = {
  id: 'decision',
  title: says.decision,
  value: toName,
  cell: (row) => (
    <a class="name" href={at(`/oversight/decisions/${row.ai_decision_log_id}`)}>
      {toName(row)}
    </a>
  ),
}
const riskColumn: Column<ListedDecision> = {
  id: 'risk',
  title: says.risk,
  value: ({ drs }) => drs,
  cell: (row) => <RiskMark decision={row} />,
  width: 'min(28vw, 11rem)',
}
const operatorColumn: Column<ListedDecision> = {
  id: 'operator',
  title: says.operator,
  value: ({ operator_id: id }) => id,
  isMinor: true,
}
const madeColumn: Column<ListedDecision> = {
  id: 'made',
  title: says.made,
  value: ({ created_at: made }) => made,
  cell: ({ created_at: made }) => <ExactMoment at={made} />,
  isMinor: true,
}

const waitingColumns: readonly Column<ListedDecision>[] = [
  decisionColumn,
  riskColumn,
  {
    id: 'deadline',
    title: says.deadline,
    value: ({ expires_at: until }) => until,
    cell: ({ expires_at: until }) => <TimeLeft until={until} />,
    width: 'min(34vw, 14rem)',
  },
  {
    id: 'assignee',
    title: says.assignee,
    value: ({ assignee }) => assignee,
    cell: ({ assignee }) => <Assignee id={assignee} />,
    isMinor: true,
  },
  {
    id: 'route',
    title: says.route,
    value: ({ routing_decision: route }) => route,
    cell: ({ routing_decision: route }) => says.routes[route],
    isMinor: true,
  },
  operatorColumn,
]

const allColumns: readonly Column<ListedDecision>[] = [
  decisionColumn,
  riskColumn,
  {
    id: 'state',
    title: says.state,
    value: ({ state }) => state,
    cell: ({ state }) => <StateMark state={state} />,
    width: 'min(24vw, 9rem)',
  },
  {
    id: 'route',
    title: says.route,
    value: ({ routing_decision: route }) => route,
    cell: ({ routing_decision: route }) => says.routes[route],
    isMinor: true,
  },
  operatorColumn,
  madeColumn,
]
