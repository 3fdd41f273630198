import type { Incident } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { at } from './at.ts'
import { Ago, Complaint } from './parts.tsx'
import { EmptyState } from './parts/empty-state.tsx'
import { gatehouse } from './session.ts'
import { toSpan } from './to-ago.ts'
import { toCause } from './to-reason.ts'
import { words } from './words.ts'
import { StatusMark } from './parts/status-mark.tsx'

const { incidents } = gatehouse.uptime
const tones = { ongoing: 'down', acknowledged: 'degraded', resolved: 'ok' } as const

export function IncidentList({ incidents: shown }: { readonly incidents: readonly Incident[] }) {
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: ({ id, status }: Incident) =>
      status === 'ongoing' ? incidents.acknowledge(id) : incidents.resolve(id),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['incidents'] }),
        queries.invalidateQueries({ queryKey: ['monitors'] }),
      ]),
  })
  if (shown.length === 0) return <EmptyState title={words.incidents.empty} text={words.incidents.emptyText} />
  return (
    <>
      <Complaint error={change.error} />
      <ul class="list" aria-label={words.incidents.title}>
        {shown.map((incident) => (
          <li key={incident.id}>
            <StatusMark tone={tones[incident.status]} text={words.incidents[incident.status]} />
            <div class="grow">
              <a class="name" href={at(`/uptime/incidents/${incident.id}`)}>
                {incident.title ?? incident.monitorName ?? words.incidents.untitled}
              </a>
              <div class="muted small">{toCause(incident)}</div>
            </div>
            <span class="muted small">
              <Ago at={incident.startedAt} />
              {incident.resolvedAt === null
                ? null
                : `, ${words.incidents.lasted} ${toSpan(Date.parse(incident.resolvedAt) - Date.parse(incident.startedAt))}`}
            </span>
            {incident.status === 'resolved' ? null : (
              <button
                type="button"
                class="quiet"
                aria-label={`${incident.status === 'ongoing' ? words.incidents.acknowledge : words.incidents.resolve}: ${incident.title ?? incident.monitorName ?? words.incidents.untitled}`}
                disabled={change.isPending}
                onClick={() => change.mutate(incident)}
              >
                {incident.status === 'ongoing' ? words.incidents.acknowledge : words.incidents.resolve}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
