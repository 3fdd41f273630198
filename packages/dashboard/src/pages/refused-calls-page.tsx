import type { RefusalPage } from '@gatehouse/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Form, Select } from '../controls.tsx'
import { Moment } from '../moment.tsx'
import { toNumber } from '../number-format.ts'
import { Found, Heading } from '../parts.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Field } from '../parts/field.tsx'
import { useTableState } from '../parts/table-state.ts'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useMe } from '../use-me.ts'
import { refusalTexts, tellRefusal } from '../audit/tell-refusal.ts'
import { refusedCallWords as says } from '../words/refused-call-words.ts'
import { NotFoundPage } from './not-found-page.tsx'

type Refused = RefusalPage['refusals'][number]

const pageSize = 100

export function RefusedCallsPage() {
  return (
    <Found query={useMe()}>{({ instanceAdmin }) => (instanceAdmin ? <Calls /> : <NotFoundPage />)}</Found>
  )
}

function Calls() {
  const { state, change } = useTableState(['reason'])
  const { search } = state
  const reason = state.filters['reason'] ?? ''
  const query = useInfiniteQuery({
    queryKey: ['admin', 'refusals', search, reason],
    queryFn: ({ pageParam, signal }) =>
      gatehouse.platform.admin.refusals.list(
        {
          limit: pageSize,
          ...(search === '' ? {} : { search }),
          ...(reason === '' ? {} : { reason }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        { signal },
      ),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  const isFiltered = search !== '' || reason !== ''
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Form
        label={says.title}
        class="add inline by-three"
        error={query.error}
        onSubmit={(fields) => change({ search: toText(fields, 'search').trim() })}
      >
        <Field label={says.search} name="search" value={search} isOptional />
        <Select
          label={says.reason}
          name="reason"
          value={reason}
          onChange={(value) => change({ filters: value === '' ? {} : { reason: value } })}
          choices={[
            { value: '', text: says.allReasons },
            ...Object.entries(refusalTexts).map(([value, text]) => ({ value, text })),
          ]}
        />
        <button type="submit" class="primary">
          {says.find}
        </button>
      </Form>
      <Found query={query}>
        {({ pages }) => (
          <DataTable
            name="refused-calls"
            label={says.title}
            columns={columns}
            rows={pages.flatMap(({ refusals }) => refusals).map((one, index) => ({ ...one, index }))}
            idOf={({ index }) => String(index)}
            nameOf={({ reason: why }) => toWhy(why)}
            {...(query.hasNextPage
              ? { more: { isBusy: query.isFetchingNextPage, load: () => void query.fetchNextPage() } }
              : {})}
            empty={
              isFiltered ? (
                <EmptyState title={says.noneFound} text={says.noneFoundText} />
              ) : (
                <EmptyState title={says.empty} text={says.emptyText} />
              )
            }
          />
        )}
      </Found>
    </>
  )
}

const columns: readonly Column<Refused & { readonly index: number }>[] = [
  {
    id: 'why',
    title: says.why,
    value: ({ reason }) => toWhy(reason),
    cell: (call) => (
      <>
        {toWhy(call.reason)}
        {call.count === 1 ? null : <span class="muted small"> · {says.times(toNumber(call.count))}</span>}
        <span class="muted small block narrow-only">
          <Moment at={call.at} /> · {toWho(call)} · {call.ipAddress} · {call.route}
        </span>
      </>
    ),
  },
  {
    id: 'who',
    title: says.who,
    value: (call) => `${toWho(call)} ${call.ipAddress}`,
    cell: (call) => (
      <>
        {toWho(call)}
        <span class="muted small block">
          {call.ipAddress}
          {call.keyPrefix === null ? '' : ` · ${says.key(call.keyPrefix)}`}
        </span>
      </>
    ),
    isMinor: true,
  },
  {
    id: 'where',
    title: says.where,
    value: ({ route }) => route,
    cell: ({ route }) => <code class="small">{route}</code>,
    isMinor: true,
  },
  {
    id: 'when',
    title: says.when,
    value: ({ at }) => at,
    cell: ({ at }) => <Moment at={at} />,
    width: '9rem',
    isMinor: true,
  },
]

function toWhy(reason: string): string {
  return tellRefusal(reason) ?? says.other(reason)
}

function toWho({ orgId, orgName }: Refused): string {
  if (orgId === null) return says.nobody
  return orgName ?? says.deleted
}
