import type { Check, Monitor } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation, useRoute } from 'preact-iso'
import { at } from '../at.ts'
import { IncidentList } from '../incident-list.tsx'
import { Ago, Badge, Complaint, Found, Heading } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { firstCheckPollMs, isFirstCheckAwaited, toShownStatus } from '../monitor-state.ts'
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
    queryFn: ({ signal }) => readScreen(id, signal),
    refetchInterval: ({ state }) => (isFirstCheckAwaited(state.data?.monitor) ? firstCheckPollMs : pollMs),
  })
  return (
    <Found query={query}>
      {(screen) => (
        <>
          <MonitorHeading monitor={screen.monitor} />
          <Figures {...screen} />
          {screen.monitor.type === 'heartbeat' ? <Heartbeat id={id} /> : null}
          <Checks checks={screen.checks} />
          <section>
            <h2>{words.incidents.title}</h2>
            <IncidentList incidents={screen.incidents} />
          </section>
        </>
      )}
    </Found>
  )
}

type Screen = Awaited<ReturnType<typeof readScreen>>

/** All that the page shows, read in one go: its parts must not contradict each other. */
async function readScreen(id: string, signal: AbortSignal) {
  const monitor = await monitors.get(id, { signal })
  const [day, month, { checks }, { incidents: found }] = await Promise.all([
    readUptime(id, 1, signal),
    readUptime(id, 30, signal),
    monitors.checks(id, { limit: checksShown }, { signal }),
    incidents.list({ monitorId: id, limit: 20 }, { signal }),
  ])
  const isOut = found.some(({ status, type }) => status !== 'resolved' && type === 'auto')
  // What began or ended between the first answer and the others is told by both.
  const isSettled = isOut === (monitor.status === 'down')
  return {
    monitor: isSettled ? monitor : await monitors.get(id, { signal }),
    day,
    month,
    checks,
    incidents: found,
  }
}

function readUptime(id: string, days: number, signal: AbortSignal) {
  const to = new Date()
  const from = new Date(to.getTime() - days * dayMs)
  return monitors.uptime(id, { from: from.toISOString(), to: to.toISOString() }, { signal })
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
      route(at('/uptime/monitors'))
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
        <Badge status={toShownStatus(monitor)} />
        <span class="muted small">
          {words.monitors.checked} <Ago at={monitor.lastCheckedAt} />
        </span>
      </p>
      {monitor.lastErrorMessage === null ? null : (
        <p class="complaint">
          {toShownStatus(monitor) === 'neverUp' ? <>{words.monitor.neverUp} </> : null}
          <strong>{words.monitor.lastError}</strong> {monitor.lastErrorMessage}
        </p>
      )}
      <Complaint error={check.error ?? change.error ?? remove.error} />
    </>
  )
}

function Figures({ monitor, day, month }: Pick<Screen, 'monitor' | 'day' | 'month'>) {
  const { detectionSeconds, lastResponseMs, intervalSeconds } = monitor
  const figures = [
    [words.monitor.day, toPercent(day.uptime)],
    [words.monitor.month, toPercent(month.uptime)],
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

function Heartbeat({ id }: { readonly id: string }) {
  const query = useQuery({
    queryKey: ['monitors', id, 'heartbeat'],
    queryFn: () => monitors.heartbeatUrl(id),
  })
  return (
    <section>
      <h2>{words.monitor.heartbeat}</h2>
      <p class="muted">{words.monitor.heartbeatText}</p>
      <Found query={query}>{(url) => <CopyField text={url} />}</Found>
    </section>
  )
}

function Checks({ checks }: Pick<Screen, 'checks'>) {
  return (
    <section>
      <h2>{words.monitor.checks}</h2>
      {checks.length === 0 ? (
        <p class="muted">{words.monitor.noChecks}</p>
      ) : (
        <>
          <ResponseChart checks={checks} />
          <CheckTable checks={checks} />
        </>
      )}
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

function toPercent(share: number | null): string {
  if (share === null) return words.none
  // Rounded down like on status pages: 99.999 % is not 100 %.
  return `${(Math.floor(share * 10_000) / 100).toFixed(share === 1 ? 0 : 2)} %`
}
