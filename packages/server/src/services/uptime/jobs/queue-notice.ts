import type { TelemetryTx } from '@gatehouse/kernel/db'
import { insertDelivery, withdrawDelivery } from '@gatehouse/kernel/delivery'
import { newId } from '@gatehouse/kernel/ids'
import type { Finding } from '../domain/assess.ts'
import { nextActive } from '../domain/active-hours.ts'
import type { Notice } from '../domain/effects.ts'
import {
  findNoticeIncident,
  listOpenChannels,
  listToldChannels,
  type OpenChannel,
} from '../store/notice-store.ts'
import type { ForeignWords, NamedMonitors, NoticeBody, StoredNotice } from '../domain/notice-body.ts'
import { channelQueueName } from '../store/channel-queue-name.ts'
import type { JudgeDeps } from './judge-deps.ts'
import { type NoticeContext, toIncidentBody, toMonitorBody } from './notice-body.ts'
import { tellSubscribers } from './tell-subscribers.ts'

export type NoticeRequest = {
  readonly monitor: { readonly id: string; readonly name: string }
  readonly notice: Notice
  readonly atMs: number
  /** The incident of the notification, or the latest one. */
  readonly incidentId: string | null
  readonly failure: Finding | null
}

/** Writes one notification of the judge to the outbox, for every channel that passes the gates (3.9). */
export async function queueNotice(deps: JudgeDeps, tx: TelemetryTx, request: NoticeRequest): Promise<void> {
  const { monitor, notice, atMs, incidentId, failure } = request
  const context: NoticeContext = { event: notice.event, orgId: tx.orgId, publicUrl: deps.publicUrl(), atMs }
  const suppressed = 'suppressed' in notice && notice.suppressed
  switch (notice.event) {
    case 'incident.created':
      if (incidentId === null) return
      await tellSubscribers(deps, tx, incidentId, { event: notice.event, isHeld: suppressed })
      return queueOpening(deps, tx, { context, monitorId: monitor.id, incidentId, suppressed })
    case 'incident.resolved':
      if (incidentId === null) return
      await tellSubscribers(deps, tx, incidentId, { event: notice.event, isHeld: suppressed })
      return queueResolution(deps, tx, { context, monitorId: monitor.id, incidentId, suppressed })
    case 'monitor.flapping':
    case 'monitor.settled':
    case 'monitor.never_up':
    case 'monitor.degraded':
    case 'monitor.improved': {
      const told = {
        state: tellState(notice),
        ...('changes' in notice ? { changes: notice.changes } : {}),
        ...('summary' in notice ? { summary: notice.summary } : {}),
      }
      const body = toMonitorBody(context, monitor, incidentId, told)
      // After much to and fro, what is down in the end is told like any other incident.
      if (notice.event === 'monitor.settled' && told.state === 'down' && incidentId !== null)
        await tellSubscribers(deps, tx, incidentId, { event: 'incident.created' })
      return queueForAll(deps, tx, { monitorId: monitor.id, incidentId, body, failure, suppressed, atMs })
    }
  }
}

function tellState(notice: Notice): string {
  if ('state' in notice) return notice.state
  if (notice.event === 'monitor.never_up') return 'unknown'
  return notice.event === 'monitor.degraded' ? 'degraded' : 'up'
}

type OpeningRequest = {
  readonly context: NoticeContext
  readonly monitorId: string | null
  readonly incidentId: string
  readonly suppressed: boolean
}

export async function queueOpening(deps: JudgeDeps, tx: TelemetryTx, request: OpeningRequest): Promise<void> {
  const { context, monitorId, incidentId, suppressed } = request
  const incident = await findNoticeIncident(tx, incidentId)
  if (incident === undefined) return
  const body = toIncidentBody(context, incident)
  const { causeReason: failure } = incident
  return queueForAll(deps, tx, { monitorId, incidentId, body, failure, suppressed, atMs: context.atMs })
}

type ForAll = {
  readonly monitorId: string | null
  readonly incidentId: string | null
  readonly body: NoticeBody
  readonly monitors?: NamedMonitors
  readonly failure: StoredNotice['failure']
  readonly suppressed: boolean
  readonly atMs: number
}

export async function queueForAll(deps: JudgeDeps, tx: TelemetryTx, request: ForAll): Promise<void> {
  const { monitorId, body, suppressed, atMs } = request
  for (const channel of await listOpenChannels(tx, monitorId, body.event)) {
    // Only openings are delayed: the incident may be over before the delay has passed.
    const delayMs = body.event === 'incident.created' ? channel.delaySeconds * 1000 : 0
    const readyMs = Math.max(atMs, deps.clock.now()) + delayMs
    const dueMs = toDue(channel, readyMs)
    // If several reminders would wait for the active hours, the next one during them is enough.
    const isStale = body.event === 'incident.reminder' && dueMs > readyMs
    const because = suppressed ? 'flapping' : isStale ? 'outside_hours' : null
    await queueOne(deps, tx, channel.id, request, because, dueMs)
  }
}

function toDue({ activeHours }: OpenChannel, readyMs: number): number {
  return activeHours === null ? readyMs : nextActive(activeHours, readyMs)
}

type ResolutionRequest = {
  readonly context: NoticeContext
  readonly monitorId: string | null
  readonly incidentId: string
  readonly suppressed: boolean
}

/** Notifies exactly those channels of the end that were notified of the beginning, whatever their settings are now. */
export async function queueResolution(
  deps: JudgeDeps,
  tx: TelemetryTx,
  request: ResolutionRequest,
): Promise<void> {
  const { context, monitorId, incidentId, suppressed } = request
  const incident = await findNoticeIncident(tx, incidentId)
  if (incident === undefined) return
  const body = toIncidentBody(context, incident)
  const nowMs = deps.clock.now()
  const { causeReason: failure } = incident
  const forAll = { monitorId, incidentId, body, failure, suppressed, atMs: context.atMs }
  for (const told of await listToldChannels(tx, incidentId)) {
    // An opening that is still undelivered would arrive as old news: it is withdrawn, and both become one message.
    const withdrawn = !told.isUnsent
      ? false
      : await withdrawDelivery(
          tx,
          channelQueueName,
          told.openingId,
          told.isUntried
            ? { state: 'suppressed', because: 'resolved_before_delay', nowMs }
            : { state: 'merged', because: 'resolved_meanwhile', nowMs },
        )
    if (withdrawn && told.isUntried) continue
    await queueOne(deps, tx, told.id, forAll, suppressed ? 'flapping' : null, nowMs)
  }
}

/** An alert of another service, sent to the default channels that subscribe to alerts. */
export type AlertNotice = {
  readonly alertId: string
  readonly words: ForeignWords
  readonly severity: 'critical' | 'warning'
  /** Path on the instance. */
  readonly link: string
  readonly isOver: boolean
  readonly atMs: number
}

/** Sends an alert, and its end as a reply to it. Idempotent: a job that runs twice sends it once. */
export async function queueAlert(
  deps: Pick<JudgeDeps, 'clock' | 'publicUrl'>,
  tx: TelemetryTx,
  { alertId, words, severity, link, isOver, atMs }: AlertNotice,
): Promise<void> {
  const event = isOver ? 'alert.closed' : 'alert.opened'
  const body: NoticeBody = {
    event,
    monitorName: words.en.title,
    monitorId: null,
    teamId: tx.orgId,
    incidentId: '',
    timestamp: new Date(atMs).toISOString(),
    severity,
    title: words.en.title,
    summary: words.en.summary,
    alertUrl: `${deps.publicUrl()}${link}`,
  }
  const stored: StoredNotice = { body, failure: null, words }
  const nowMs = deps.clock.now()
  for (const channel of await listOpenChannels(tx, null, event))
    await insertDelivery(
      tx,
      {
        orgId: tx.orgId,
        queue: channelQueueName,
        id: newId(nowMs),
        event,
        body: JSON.stringify(stored),
        atMs: nowMs,
        notBeforeMs: toDue(channel, nowMs),
        topic: { id: `alert:${alertId}`, occurrence: event },
      },
      { destinationId: channel.id, state: 'pending' },
    )
}

async function queueOne(
  deps: JudgeDeps,
  tx: TelemetryTx,
  channelId: string,
  { monitorId, incidentId, body, monitors, failure, atMs }: ForAll,
  suppressedBecause: string | null,
  nextAttemptMs: number,
): Promise<void> {
  const stored: StoredNotice = { body, failure, ...(monitors === undefined ? {} : { monitors }) }
  const queued = {
    orgId: tx.orgId,
    queue: channelQueueName,
    id: newId(deps.clock.now()),
    event: body.event,
    body: JSON.stringify(stored),
    atMs: deps.clock.now(),
    notBeforeMs: nextAttemptMs,
    topic: incidentId === null ? undefined : { id: incidentId, occurrence: `${monitorId ?? ''}@${atMs}` },
  }
  await insertDelivery(
    tx,
    queued,
    suppressedBecause === null
      ? { destinationId: channelId, state: 'pending' }
      : { destinationId: channelId, state: 'suppressed', because: suppressedBecause },
  )
}
