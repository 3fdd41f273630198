import type { DisclosureCase } from '@gatehouse/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { CasePanel } from '../admin/case-panel.tsx'
import { ExactMoment, Moment } from '../moment.tsx'
import { Found, Heading } from '../parts.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { gatehouse } from '../session.ts'
import { useMe } from '../use-me.ts'
import { words } from '../words.ts'
import { instanceSecurityWords } from '../words/instance-security-words.ts'
import { NotFoundPage } from './not-found-page.tsx'

const says = instanceSecurityWords.cases

export function DisclosurePage() {
  return (
    <Found query={useMe()}>{({ instanceAdmin }) => (instanceAdmin ? <Cases /> : <NotFoundPage />)}</Found>
  )
}

function Cases() {
  const [openId, setOpenId] = useState<string>()
  const query = useInfiniteQuery({
    queryKey: ['admin', 'disclosure-cases'],
    queryFn: ({ pageParam, signal }) =>
      gatehouse.platform.admin.disclosureCases.list(pageParam === null ? {} : { cursor: pageParam }, {
        signal,
      }),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Found query={query}>
        {({ pages }) => (
          <DataTable
            name="disclosure-cases"
            label={says.title}
            columns={columns((id) => setOpenId(id))}
            rows={pages.flatMap(({ cases }) => cases)}
            idOf={({ id }) => id}
            nameOf={({ reference }) => reference}
            onOpen={({ id }) => setOpenId(id)}
            {...(query.hasNextPage
              ? { more: { isBusy: query.isFetchingNextPage, load: () => void query.fetchNextPage() } }
              : {})}
            empty={
              <EmptyState title={says.empty} text={says.emptyText}>
                <a href="/security/report">{says.openForm}</a>
              </EmptyState>
            }
          />
        )}
      </Found>
      {openId === undefined ? null : <CasePanel id={openId} onClose={() => setOpenId(undefined)} />}
    </>
  )
}

function columns(onOpen: (id: string) => void): readonly Column<DisclosureCase>[] {
  return [
    {
      id: 'state',
      title: says.state,
      value: (one) => toState(one).text,
      cell: (one) => <StatusMark {...toState(one)} />,
      isMinor: true,
      width: '20%',
    },
    {
      id: 'reference',
      title: says.reference,
      value: ({ reference }) => reference,
      cell: (one) => (
        <>
          <button type="button" class="link mono" onClick={() => onOpen(one.id)}>
            {one.reference}
          </button>
          <span class="on-phone muted small">
            <StatusMark {...toState(one)} />
          </span>
        </>
      ),
    },
    {
      id: 'severity',
      title: says.severity,
      value: ({ severity }) =>
        severity === null ? says.notJudged : instanceSecurityWords.severities[severity],
      width: 'min(34vw, 11rem)',
    },
    {
      id: 'due',
      title: says.due,
      value: toDue,
      cell: (one) => {
        const due = toDue(one)
        return due === null ? words.none : <ExactMoment at={due} />
      },
      isMinor: true,
      width: '20%',
    },
    {
      id: 'received',
      title: says.received,
      value: ({ receivedAt }) => receivedAt,
      cell: ({ receivedAt }) => <Moment at={receivedAt} />,
      isMinor: true,
      width: '14%',
    },
  ]
}

/** The next deadline. */
function toDue(one: DisclosureCase): string | null {
  if (one.closedAt !== null) return null
  if (one.acknowledgedAt === null) return one.acknowledgeDueAt
  return one.fixedAt === null ? one.fixDueAt : null
}

function toState(one: DisclosureCase): { readonly tone: Tone; readonly text: string } {
  if (one.closedAt !== null) return { tone: 'ok', text: says.states.closed }
  if (one.overdue.length > 0) return { tone: 'down', text: says.overdue }
  if (one.fixedAt !== null) return { tone: 'ok', text: says.states.fixed }
  if (one.acknowledgedAt !== null) return { tone: 'maintenance', text: says.states.acknowledged }
  return { tone: 'degraded', text: says.states.received }
}
