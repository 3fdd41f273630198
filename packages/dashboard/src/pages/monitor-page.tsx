import type { Check, Monitor } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation, useRoute } from 'preact-iso'
import { IncidentList } from '../incident-list.tsx'
import { Ago, Badge, Complaint, Confirm, Copy, Found, Heading } from '../parts.tsx'
import { ResponseChart } from '../response-chart.tsx'
import { gatehouse } from '../session.ts'
import { toSpan } from '../to-ago.ts'
import { words } from '../words.ts'

const { monitors, incidents } = gatehouse.uptime
const pollMs = 20_000
const checksShown = 50
const dayMs = 86_400_000

export function MonitorPage() {
  const { id = '' } = useRoute().params
  const query = useQuery({
    queryKey: ['monitors', id],
    queryFn: ({ signal }) => monitors.get(id, { signal }),
    refetchInterval: pollMs,
  })
  return (
    <Found query={query}>
      {(monitor) => (
        <>
          <MonitorHeading monitor={monitor} />
          <Figures monitor={monitor} />
          {monitor.type === 'heartbeat' ? <Heartbeat id={id} /> : null}
          <Checks id={id} />
          <Incidents id={id} />
        </>
      )}
    </Found>
  )
}

function MonitorHeading({ monitor }: { readonly monitor: Monitor }) {
  const queries = useQueryClient()
  const { route } = useLocation()
  const settle = () => queries.invalidateQueries({ queryKey: ['monitors'] })
  const check = useMutation({ mutationFn: () => monitors.check(monitor.id), onSuccess: settle })
  const change = useMutation({
    mutationFn: () => (monitor.isActive === 1 ? monitors.pause(monitor.id) : monitors.resume(monitor.id)),
    onSuccess: settle,
  })
  const remove = useMutation({
    mutationFn: () => monitors.delete(monitor.id),
    onSuccess: () => {
      route('/')
      queries.removeQueries({ queryKey: ['monitors', monitor.id] })
      void queries.invalidateQueries({ queryKey: ['monitors'] })
    },
  })
  return (
    <>
      <Heading title={monitor.name}>
        <div class="actions">
          <button type="button" disabled={check.isPending} onClick={() => check.mutate()}>
            {words.monitor.check}
          </button>
          <button type="button" disabled={change.isPending} onClick={() => change.mutate()}>
            {monitor.isActive === 1 ? words.monitors.pause : words.monitors.resume}
          </button>
          <Confirm
            label={words.delete}
            question={words.monitor.confirmDelete}
            onConfirm={() => remove.mutate()}
          />
        </div>
      </Heading>
      <p class="state">
        <Badge status={monitor.status} />
        <span class="muted small">
          {words.monitors.checked} <Ago at={monitor.lastCheckedAt} />
        </span>
      </p>
      {monitor.lastErrorMessage === null ? null : (
        <p class="complaint">
          <strong>{words.monitor.lastError}</strong> {monitor.lastErrorMessage}
        </p>
      )}
      <Complaint error={check.error ?? change.error ?? remove.error} />
    </>
  )
}

function Figures({ monitor }: { readonly monitor: Monitor }) {
  const day = useUptime(monitor.id, 1)
  const month = useUptime(monitor.id, 30)
  const { detectionSeconds, lastResponseMs, intervalSeconds } = monitor
  const figures = [
    [words.monitor.day, toPercent(day.data?.uptime)],
    [words.monitor.month, toPercent(month.data?.uptime)],
    [words.monitor.response, lastResponseMs === null ? words.none : `${lastResponseMs} ms`],
    detectionSeconds === null
      ? [words.monitor.interval, toSpan(intervalSeconds * 1_000)]
      : [words.monitor.detection, toSpan(detectionSeconds.hanging * 1_000)],
  ] as const
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function useUptime(id: string, days: number) {
  return useQuery({
    queryKey: ['monitors', id, 'uptime', days],
    queryFn: ({ signal }) =>
      monitors.uptime(
        id,
        { from: new Date(Date.now() - days * dayMs).toISOString(), to: new Date().toISOString() },
        { signal },
      ),
    staleTime: 60_000,
  })
}

function Heartbeat({ id }: { readonly id: string }) {
  const query = useQuery({
    queryKey: ['monitors', id, 'heartbeat'],
    queryFn: () => monitors.heartbeatUrl(id),
  })
  return (
    <section>
      <h2>{words.monitor.heartbeat}</h2>
      <p class="muted">{words.monitor.heartbeatText}</p>
      <Found query={query}>{(url) => <Copy text={url} />}</Found>
    </section>
  )
}

function Checks({ id }: { readonly id: string }) {
  const query = useQuery({
    queryKey: ['monitors', id, 'checks'],
    queryFn: ({ signal }) => monitors.checks(id, { limit: checksShown }, { signal }),
    refetchInterval: pollMs,
  })
  return (
    <section>
      <h2>{words.monitor.checks}</h2>
      <Found query={query}>
        {({ checks }) =>
          checks.length === 0 ? (
            <p class="muted">{words.monitor.noChecks}</p>
          ) : (
            <>
              <ResponseChart checks={checks} />
              <CheckTable checks={checks} />
            </>
          )
        }
      </Found>
    </section>
  )
}

function CheckTable({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={words.monitor.checks}>
      <table>
        <thead>
          <tr>
            {[words.monitor.when, words.monitor.outcome, words.monitor.took, words.monitor.detail].map(
              (name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <tr key={`${check.startedAt} ${check.location}`}>
              <td>
                <Ago at={check.startedAt} />
              </td>
              <td>
                <Badge status={check.outcome} />
              </td>
              <td class="figure">
                {check.responseTimeMs === null ? words.none : `${check.responseTimeMs} ms`}
              </td>
              <td class="muted">{check.message ?? check.statusCode ?? words.none}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Incidents({ id }: { readonly id: string }) {
  const query = useQuery({
    queryKey: ['incidents', id],
    queryFn: ({ signal }) => incidents.list({ monitorId: id, limit: 20 }, { signal }),
  })
  return (
    <section>
      <h2>{words.incidents.title}</h2>
      <Found query={query}>{({ incidents: found }) => <IncidentList incidents={found} />}</Found>
    </section>
  )
}

function toPercent(share: number | null | undefined): string {
  if (share === null || share === undefined) return words.none
  // Rounded down: 99.999 % is not 100 %.
  return `${(Math.floor(share * 100_000) / 1_000).toFixed(share === 1 ? 0 : 3)} %`
}
