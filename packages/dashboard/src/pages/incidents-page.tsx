import type { Incident } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { type Member, toHolder, toPersonName, useMembers } from '../incidents/assignee.tsx'
import {
  stateFilters,
  type StateFilter,
  timeFilters,
  type TimeFilter,
  toFrom,
  toName,
  toShownIncidents,
} from '../incidents/incident-filters.ts'
import { IncidentMark, toPlaceOnPage } from '../incidents/incident-mark.tsx'
import { NewIncident } from '../incidents/new-incident.tsx'
import { useLive } from '../live/use-live.ts'
import { MonitorCombobox } from '../monitors/monitor-picker.tsx'
import { Ago, Found, Heading } from '../parts.tsx'
import { Choose } from '../parts/choices.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { useTableState } from '../parts/table-state.ts'
import { gatehouse, usePerson } from '../session.ts'
import { toSpan } from '../to-ago.ts'
import { toCause } from '../to-reason.ts'
import { words } from '../words.ts'
import { incidentWords as says } from '../words/incident-words.ts'

const { incidents, monitors } = gatehouse.uptime
const pollMs = 15_000

export function IncidentsPage() {
  const person = usePerson()
  const mayWrite = person !== undefined && person.role !== 'viewer'
  const { route } = useLocation()
  const [isMaking, setIsMaking] = useState(false)
  const control = useTableState(['state', 'monitor', 'time'])
  const { search, filters } = control.state
  const state: StateFilter = stateFilters.find((one) => one === filters['state']) ?? 'all'
  const time: TimeFilter = timeFilters.find((one) => one === filters['time']) ?? 'all'
  const monitorId = filters['monitor']
  const filter = (name: string, value: string): void =>
    control.change({ filters: { ...filters, [name]: value === 'all' ? '' : value } })
  const query = useQuery({
    queryKey: ['incidents', 'list', monitorId, time],
    queryFn: ({ signal }) =>
      incidents.list(
        { ...toFrom(time, Date.now()), ...(monitorId === undefined ? {} : { monitorId }) },
        { signal },
      ),
    ...useLive(['incidents'], pollMs),
    placeholderData: (before) => before,
  })
  const chosen = useQuery({
    queryKey: ['monitors', 'chosen', monitorId],
    queryFn: ({ signal }) => monitors.get(monitorId ?? '', { signal }),
    enabled: monitorId !== undefined,
  }).data
  const members = useMembers()
  const make = mayWrite ? (
    <button type="button" class="primary" onClick={() => setIsMaking(true)}>
      {says.create}
    </button>
  ) : null
  return (
    <>
      <Heading title={words.incidents.title} text={says.text}>
        {make}
      </Heading>
      <Found query={query}>
        {({ incidents: found }) => (
          <DataTable
            name="incidents"
            label={words.incidents.title}
            columns={columnsFor(members)}
            rows={toShownIncidents(found, state, search)}
            idOf={({ id }) => id}
            nameOf={(incident) => toName(incident) ?? words.incidents.untitled}
            control={control}
            onOpen={({ id }) => route(at(`/uptime/incidents/${id}`))}
            empty={
              <EmptyState title={says.none} text={says.noneText}>
                {make}
              </EmptyState>
            }
            filters={
              <>
                <Choose
                  label={says.filterState}
                  value={state}
                  options={stateFilters.map((value) => ({ value, text: says.states[value] }))}
                  onChoose={(value) => filter('state', value)}
                />
                <MonitorCombobox
                  attributes={{ 'aria-label': says.filterMonitor }}
                  text={monitorId === undefined ? '' : (chosen?.name ?? monitorId)}
                  placeholder={says.allMonitors}
                  none={says.allMonitors}
                  onPick={(monitor) => filter('monitor', monitor?.id ?? 'all')}
                />
                <Choose
                  label={says.filterTime}
                  value={time}
                  options={timeFilters.map((value) => ({ value, text: says.times[value] }))}
                  onChoose={(value) => filter('time', value)}
                />
              </>
            }
          />
        )}
      </Found>
      {isMaking ? <NewIncident onClose={() => setIsMaking(false)} /> : null}
    </>
  )
}

const columnsFor = (members: readonly Member[] | undefined): readonly Column<Incident>[] => [
  {
    id: 'state',
    title: says.columns.state,
    width: '9rem',
    isMinor: true,
    value: ({ status }) => words.incidents[status],
    cell: (incident) => <IncidentMark {...incident} />,
  },
  {
    id: 'incident',
    title: says.columns.incident,
    value: (incident) => toName(incident) ?? words.incidents.untitled,
    cell: (incident) => (
      <>
        <a class="name" href={at(`/uptime/incidents/${incident.id}`)} title={toCause(incident) ?? ''}>
          {toName(incident) ?? words.incidents.untitled}
        </a>
        <span class="on-phone muted small">
          <IncidentMark {...incident} /> · {toPersonName(members, toHolder(incident)) ?? says.nobody}
        </span>
      </>
    ),
  },
  {
    id: 'who',
    title: says.columns.who,
    width: '9rem',
    isMinor: true,
    value: (incident) => toPersonName(members, toHolder(incident)) ?? words.none,
  },
  { id: 'cause', title: says.columns.cause, value: toCause, isMinor: true },
  {
    id: 'began',
    title: says.columns.began,
    width: '6.5rem',
    value: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => <Ago at={startedAt} />,
  },
  {
    id: 'lasted',
    title: says.columns.lasted,
    width: '6.5rem',
    isNumber: true,
    isMinor: true,
    value: ({ startedAt, resolvedAt }) =>
      toSpan((resolvedAt === null ? Date.now() : Date.parse(resolvedAt)) - Date.parse(startedAt)),
  },
  {
    id: 'shown',
    title: says.columns.shown,
    width: '9rem',
    isMinor: true,
    value: (incident) => toPlaceOnPage(incident),
  },
]
