import type { SecurityIncident } from '@gatehouse/sdk'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { severityChoices, toIncidentState } from '../admin/incident-state.ts'
import { at } from '../at.ts'
import { Form, Select } from '../controls.tsx'
import { ExactMoment, Moment } from '../moment.tsx'
import { Complaint, Found, Heading } from '../parts.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Field } from '../parts/field.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useMe } from '../use-me.ts'
import { words } from '../words.ts'
import { instanceSecurityWords } from '../words/instance-security-words.ts'
import { NotFoundPage } from './not-found-page.tsx'

const says = instanceSecurityWords.incidents
const { securityIncidents } = gatehouse.platform.admin

export function SecurityIncidentsPage() {
  return (
    <Found query={useMe()}>{({ instanceAdmin }) => (instanceAdmin ? <Incidents /> : <NotFoundPage />)}</Found>
  )
}

function Incidents() {
  const { route } = useLocation()
  const [isOpening, setIsOpening] = useState(false)
  const query = useInfiniteQuery({
    queryKey: ['admin', 'security-incidents'],
    queryFn: ({ pageParam, signal }) =>
      securityIncidents.list(pageParam === null ? {} : { cursor: pageParam }, { signal }),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  return (
    <>
      <Heading title={says.title} text={says.text}>
        <button type="button" class="primary" onClick={() => setIsOpening(true)}>
          {says.open}
        </button>
      </Heading>
      <Found query={query}>
        {({ pages }) => (
          <DataTable
            name="security-incidents"
            label={says.title}
            columns={columns}
            rows={pages.flatMap(({ incidents }) => incidents)}
            idOf={({ id }) => id}
            nameOf={({ title }) => title}
            onOpen={({ id }) => route(at(`/admin/security-incidents/${id}`))}
            {...(query.hasNextPage
              ? { more: { isBusy: query.isFetchingNextPage, load: () => void query.fetchNextPage() } }
              : {})}
            empty={<EmptyState title={says.empty} text={says.emptyText} />}
          />
        )}
      </Found>
      {isOpening ? <OpenIncident onClose={() => setIsOpening(false)} /> : null}
    </>
  )
}

function OpenIncident({ onClose }: { readonly onClose: () => void }) {
  const { route } = useLocation()
  const queries = useQueryClient()
  const open = useMutation({
    mutationFn: (fields: FormData) => {
      const severity = toText(fields, 'severity')
      return securityIncidents.open({
        title: toText(fields, 'title'),
        data: toText(fields, 'data'),
        severity: severityChoices.find(({ value }) => value === severity)?.value ?? 'high',
      })
    },
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['admin', 'security-incidents'] })
      route(at(`/admin/security-incidents/${id}`))
    },
  })
  return (
    <SidePanel title={says.open} onClose={onClose}>
      <p class="muted">{says.openText}</p>
      <Form label={says.open} class="add" error={open.error} onSubmit={(fields) => open.mutate(fields)}>
        <Field label={says.name} name="title" />
        <Select label={says.severity} name="severity" first="high" choices={severityChoices} />
        <Field label={says.data} name="data" isOptional />
        <Complaint error={open.error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={open.isPending}>
            {says.open}
          </button>
        </div>
      </Form>
    </SidePanel>
  )
}

const columns: readonly Column<SecurityIncident>[] = [
  {
    id: 'state',
    title: says.state,
    value: (incident) => toIncidentState(incident).text,
    cell: (incident) => <StatusMark {...toIncidentState(incident)} />,
    isMinor: true,
    width: '16%',
  },
  {
    id: 'title',
    title: says.name,
    value: ({ title }) => title,
    cell: (incident) => (
      <>
        <a class="name" href={at(`/admin/security-incidents/${incident.id}`)}>
          {incident.title}
        </a>
        <span class="on-phone muted small">
          <StatusMark {...toIncidentState(incident)} />
        </span>
      </>
    ),
  },
  {
    id: 'severity',
    title: says.severity,
    value: ({ severity }) => instanceSecurityWords.severities[severity],
    width: 'min(24vw, 9rem)',
  },
  {
    id: 'told',
    title: says.told,
    value: ({ told, affected }) => says.toldOf(told, affected),
    isMinor: true,
    width: '10%',
  },
  {
    id: 'due',
    title: says.due,
    value: ({ tellDueAt }) => tellDueAt,
    cell: ({ tellDueAt }) => (tellDueAt === null ? words.none : <ExactMoment at={tellDueAt} />),
    isMinor: true,
    width: '18%',
  },
  {
    id: 'opened',
    title: says.opened,
    value: ({ openedAt }) => openedAt,
    cell: ({ openedAt }) => <Moment at={openedAt} />,
    isMinor: true,
    width: '13%',
  },
]
