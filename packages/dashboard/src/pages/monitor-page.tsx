import type { Monitor, Uptime } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation, useRoute } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { IncidentList } from '../incident-list.tsx'
import { CheckList } from '../monitors/check-list.tsx'
import { checkNow } from '../monitors/check-now.ts'
import { JobSection } from '../monitors/job-section.tsx'
import { MonitorMaintenance } from '../monitors/maintenance-panel.tsx'
import { deleteLater, setActive } from '../monitors/monitor-acts.ts'
import { MonitorPanel } from '../monitors/monitor-panel.tsx'
import { ResponseSection } from '../monitors/response-section.tsx'
import { SharePanel } from '../monitors/share-panel.tsx'
import { useLive } from '../live/use-live.ts'
import { toUptime } from '../number-format.ts'
import { Ago, Badge, Complaint, Found, Heading } from '../parts.tsx'
import { firstCheckPollMs, isFirstCheckAwaited, toShownStatus } from '../monitor-state.ts'
import { gatehouse, usePerson } from '../session.ts'
import { toSpan } from '../to-ago.ts'
import { toLastError } from '../to-reason.ts'
import { words } from '../words.ts'
import { monitorWords as says } from '../words/monitor-words.ts'
import { spanWords } from '../words/span-words.ts'

const { monitors, incidents } = gatehouse.uptime
const pollMs = 20_000
const daysShown = 90
const dayMs = 86_400_000

export function MonitorPage() {
  const { id = '' } = useRoute().params
  const live = useLive([{ topic: 'monitors', id }, 'incidents', 'maintenance', 'checks'], pollMs)
  const query = useQuery({
    ...live,
    queryKey: ['monitors', id],
    queryFn: ({ signal }) => readScreen(id, signal),
    refetchInterval: ({ state }) =>
      isFirstCheckAwaited(state.data?.monitor) ? firstCheckPollMs : live.refetchInterval,
  })
  return (
    <>
      <a class="small" href={at('/uptime/monitors')}>
        ← {words.notFound.back}
      </a>
      <Found query={query} title={words.nav.monitors}>
        {(screen) => (
          <>
            <MonitorHeading monitor={screen.monitor} />
            <Figures {...screen} />
            {screen.monitor.type === 'heartbeat' ? (
              <JobSection monitor={screen.monitor} />
            ) : (
              <ResponseSection monitor={screen.monitor} intervals={screen.intervals} />
            )}
            <CheckList monitorId={id} />
            <section>
              <h2>{words.incidents.title}</h2>
              <IncidentList incidents={screen.incidents} />
            </section>
          </>
        )}
      </Found>
    </>
  )
}

type Screen = Awaited<ReturnType<typeof readScreen>>

/** Reads a monitor's state and problems together, because these parts must not contradict each other. */
async function readScreen(id: string, signal: AbortSignal) {
  const to = new Date()
  const from = new Date(to.getTime() - daysShown * dayMs)
  const [monitor, uptime] = await Promise.all([
    monitors.get(id, { signal }),
    monitors.uptime(id, { from: from.toISOString(), to: to.toISOString() }, { signal }),
  ])
  const intervals = uptime.intervals ?? []
  const isInTrouble = monitor.status === 'down' || intervals.some(({ incidentId }) => incidentId !== null)
  const found = isInTrouble ? (await incidents.list({ monitorId: id, limit: 20 }, { signal })).incidents : []
  const isOut = found.some(({ status, type }) => status !== 'resolved' && type === 'auto')
  // If an outage started or ended between the requests, the monitor is read again.
  const isSettled = isOut === (monitor.status === 'down')
  return {
    monitor: isSettled ? monitor : await monitors.get(id, { signal }),
    uptimes: {
      day: sumUptime(intervals, 1, to),
      month: sumUptime(intervals, 30, to),
      quarter: uptime.uptime,
    },
    intervals,
    incidents: found,
  }
}

type Intervals = NonNullable<Uptime['intervals']>

/** The uptime over this number of days, relative to the observed time. */
function sumUptime(intervals: Intervals, days: number, to: Date): number | null {
  const fromMs = to.getTime() - days * dayMs
  let [upMs, downMs] = [0, 0]
  for (const interval of intervals) {
    const endMs = interval.to === null ? to.getTime() : Date.parse(interval.to)
    const ms = Math.max(0, endMs - Math.max(Date.parse(interval.from), fromMs))
    if (interval.state === 'up' || interval.state === 'degraded') upMs += ms
    if (interval.state === 'down') downMs += ms
  }
  return upMs + downMs === 0 ? null : upMs / (upMs + downMs)
}

function MonitorHeading({ monitor }: { readonly monitor: Monitor }) {
  const queries = useQueryClient()
  const { route } = useLocation()
  const [panel, setPanel] = useState<'edit' | 'maintenance' | 'share'>()
  const mayWrite = usePerson()?.role !== 'viewer'
  const lastError = toLastError(monitor)
  const close = (): void => setPanel(undefined)
  const settle = () => queries.invalidateQueries({ queryKey: ['monitors'] })
  const check = useMutation({ mutationFn: () => checkNow(monitor.id), onSuccess: settle })
  const change = useMutation({ mutationFn: () => setActive(queries, monitor, monitor.isActive === 0) })
  const remove = (): void => {
    route(at('/uptime/monitors'))
    deleteLater(queries, [monitor.id], says.deleted(monitor.name), () => monitors.delete(monitor.id))
  }
  return (
    <>
      <Heading title={monitor.name}>
        {mayWrite ? (
          <div class="actions">
            <button type="button" class="primary" onClick={() => setPanel('edit')}>
              {says.edit}
            </button>
            <button type="button" disabled={check.isPending} onClick={() => check.mutate()}>
              {words.monitor.check}
            </button>
            <button type="button" disabled={change.isPending} onClick={() => change.mutate()}>
              {monitor.isActive === 1 ? words.monitors.pause : words.monitors.resume}
            </button>
            <button type="button" onClick={() => setPanel('maintenance')}>
              {says.maintenance.open}
            </button>
            <button type="button" onClick={() => setPanel('share')}>
              {says.share.open}
            </button>
            <button type="button" class="quiet" onClick={remove}>
              {words.delete}
            </button>
          </div>
        ) : null}
      </Heading>
      {panel === 'edit' ? <MonitorPanel monitor={monitor} onClose={close} /> : null}
      {panel === 'maintenance' ? <MonitorMaintenance monitor={monitor} onClose={close} /> : null}
      {panel === 'share' ? <SharePanel monitor={monitor} onClose={close} /> : null}
      <p class="state">
        <Badge status={toShownStatus(monitor)} />
        <span class="muted small">
          {words.monitors.checked} <Ago at={monitor.lastCheckedAt} />
        </span>
        {monitor.shownTarget === null ? null : <span class="muted small cut">{monitor.shownTarget}</span>}
        {monitor.tags.map((tag) => (
          <span class="tag" key={tag}>
            {tag}
          </span>
        ))}
      </p>
      {lastError === null ? null : (
        <p class="complaint">
          {toShownStatus(monitor) === 'neverUp' ? <>{words.monitor.neverUp} </> : null}
          <strong>{words.monitor.lastError}</strong> {lastError}
        </p>
      )}
      <Complaint error={check.error ?? change.error} />
    </>
  )
}

function Figures({ monitor, uptimes }: Pick<Screen, 'monitor' | 'uptimes'>) {
  const { detectionSeconds, lastResponseMs, intervalSeconds } = monitor
  const figures = [
    [words.monitor.day, toUptime(uptimes.day)],
    [words.monitor.month, toUptime(uptimes.month)],
    [says.quarter, toUptime(uptimes.quarter)],
    [
      words.monitor.response,
      lastResponseMs === null ? words.none : spanWords.milliseconds(String(lastResponseMs)),
    ],
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
