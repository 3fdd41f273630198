import type { TenantTx } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { enqueue } from '@gatehouse/kernel/jobs'
import type { MessageValues } from '../domain/assess.ts'
import type { Notice } from '../domain/effects.ts'
import {
  findNoticeIncident,
  insertDelivery,
  listOpenChannels,
  listToldChannels,
  withdrawDelivery,
} from '../store/notice-store.ts'
import { deliverJob } from './deliver-job.ts'
import type { JudgeDeps } from './judge-deps.ts'
import {
  type NoticeBody,
  type NoticeContext,
  type StoredNotice,
  toIncidentBody,
  toMonitorBody,
} from './notice-body.ts'

export type NoticeRequest = {
  readonly monitor: { readonly id: string; readonly name: string }
  readonly notice: Notice
  readonly atMs: number
  /** The incident that it is about, or the latest one. */
  readonly incidentId: string | null
  readonly failure: { readonly code: string; readonly values: MessageValues } | null
}

/** Puts one notice of the judge into the outbox, for every channel that the gates let through (3.9). */
export async function queueNotice(deps: JudgeDeps, tx: TenantTx, request: NoticeRequest): Promise<void> {
  const { monitor, notice, atMs, incidentId, failure } = request
  const context: NoticeContext = { event: notice.event, orgId: tx.orgId, publicUrl: deps.publicUrl(), atMs }
  const suppressed = 'suppressed' in notice && notice.suppressed
  switch (notice.event) {
    case 'incident.created':
      if (incidentId === null) return
      return queueOpening(deps, tx, { context, monitorId: monitor.id, incidentId, failure, suppressed })
    case 'incident.resolved':
      if (incidentId === null) return
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
  readonly failure: StoredNotice['failure']
  readonly suppressed: boolean
}

export async function queueOpening(deps: JudgeDeps, tx: TenantTx, request: OpeningRequest): Promise<void> {
  const { context, monitorId, incidentId, failure, suppressed } = request
  const incident = await findNoticeIncident(tx, incidentId)
  if (incident === undefined) return
  const body = toIncidentBody(context, incident)
  return queueForAll(deps, tx, { monitorId, incidentId, body, failure, suppressed, atMs: context.atMs })
}

type ForAll = {
  readonly monitorId: string | null
  readonly incidentId: string | null
  readonly body: NoticeBody
  readonly failure: StoredNotice['failure']
  readonly suppressed: boolean
  readonly atMs: number
}

export async function queueForAll(deps: JudgeDeps, tx: TenantTx, request: ForAll): Promise<void> {
  const { monitorId, body, suppressed, atMs } = request
  for (const channel of await listOpenChannels(tx, monitorId, body.event)) {
    // Only what begins is worth waiting with: it may be over before the delay has passed.
    const delayMs = body.event === 'incident.created' ? channel.delaySeconds * 1000 : 0
    await queueOne(
      deps,
      tx,
      channel.id,
      request,
      suppressed ? 'flapping' : null,
      Math.max(atMs, deps.clock.now()) + delayMs,
    )
  }
}

type ResolutionRequest = {
  readonly context: NoticeContext
  readonly monitorId: string | null
  readonly incidentId: string
  readonly suppressed: boolean
}

/** Tells the end to exactly those who were told of the beginning, whatever they ask for now. */
export async function queueResolution(
  deps: JudgeDeps,
  tx: TenantTx,
  request: ResolutionRequest,
): Promise<void> {
  const { context, monitorId, incidentId, suppressed } = request
  const incident = await findNoticeIncident(tx, incidentId)
  if (incident === undefined) return
  const body = toIncidentBody(context, incident)
  const nowMs = deps.clock.now()
  const forAll = { monitorId, incidentId, body, failure: null, suppressed, atMs: context.atMs }
  for (const told of await listToldChannels(tx, incidentId)) {
    if (told.isWaiting && !suppressed) {
      await withdrawDelivery(tx, told.openingId, 'suppressed', 'resolved_before_delay', nowMs)
      continue
    }
    // An opening that could not be delivered so far would arrive as old news: both become one message.
    if (told.state === 'retrying')
      await withdrawDelivery(tx, told.openingId, 'merged', 'resolved_meanwhile', nowMs)
    await queueOne(deps, tx, told.id, forAll, suppressed ? 'flapping' : null, nowMs)
  }
}

async function queueOne(
  deps: JudgeDeps,
  tx: TenantTx,
  channelId: string,
  { monitorId, incidentId, body, failure, atMs }: ForAll,
  suppressedBecause: string | null,
  nextAttemptMs: number,
): Promise<void> {
  const id = newId(deps.clock.now())
  const stored: StoredNotice = { body, failure }
  const isNew = await insertDelivery(tx, {
    id,
    channelId,
    monitorId,
    incidentId,
    event: body.event,
    occurrence: `${monitorId ?? ''}@${atMs}`,
    payload: JSON.stringify(stored),
    state: suppressedBecause === null ? 'queued' : 'suppressed',
    reason: suppressedBecause,
    nextAttemptMs: suppressedBecause === null ? nextAttemptMs : null,
    atMs: deps.clock.now(),
  })
  if (isNew && suppressedBecause === null)
    await enqueue(
      tx,
      deliverJob,
      { orgId: tx.orgId, deliveryId: id },
      { runAtMs: nextAttemptMs, key: `delivery:${id}` },
    )
}
