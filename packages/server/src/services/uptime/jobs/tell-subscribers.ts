import type { TelemetryTx } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { IncidentTold, MaintenanceTold, SubscriberNotice } from '../domain/subscriber-notice.ts'
import type { NamedWindow } from '../store/maintenance-store.ts'
import {
  type Audience,
  findPublicIncident,
  insertNotice,
  listShownComponents,
  type PageOfNotice,
} from '../store/subscriber-notice-store.ts'
import { toPageUrl } from '../usecases/to-page-url.ts'
import type { JudgeDeps } from './judge-deps.ts'

type Deps = Pick<JudgeDeps, 'clock' | 'publicUrl'>

/** `update`: what a person wrote. `isHeld`: the change is one of many, of which nobody is told. */
export type IncidentChange = {
  readonly event: IncidentTold
  readonly update?: { readonly id: string; readonly body: string }
  readonly isHeld?: boolean
}

/**
 * Queues what subscribers of the page are told of an incident, in the transaction that changes it: of what the page shows,
 * those whose components are affected. Of the end, also those who were told of the beginning, whatever was hidden since.
 */
export async function tellSubscribers(
  deps: Deps,
  tx: TelemetryTx,
  incidentId: string,
  { event, update, isHeld = false }: IncidentChange,
): Promise<void> {
  const found = await findPublicIncident(tx, incidentId)
  if (found === undefined) return
  const { page, incident, isShown } = found
  const isForAll = isShown && !isHeld
  if (!isForAll && event !== 'incident.resolved') return
  const nowMs = deps.clock.now()
  const notice: SubscriberNotice = {
    event,
    atMs: nowMs,
    page: toPage(deps, page),
    incident: { ...incident, body: update?.body ?? null },
  }
  const to: Audience = isForAll
    ? { serviceId: page.id, componentIds: incident.component === null ? null : [incident.component.id] }
    : { toldOf: incidentId }
  await insertNotice(
    tx,
    {
      id: newId(nowMs),
      event,
      body: JSON.stringify(notice),
      atMs: nowMs,
      topic: { id: incidentId, occurrence: update?.id ?? event },
    },
    to,
  )
}

export type MaintenanceChange = {
  readonly event: MaintenanceTold
  readonly monitorIds: readonly string[]
  /** Tells apart what is told of one window more than once. */
  readonly occurrence: string
  readonly atMs: number
}

/**
 * Queues what subscribers are told of maintenance: one notice for each page that shows any of what it covers. The same
 * occurrence is told once, however often this runs.
 */
export async function tellSubscribersOfMaintenance(
  deps: Deps,
  tx: TelemetryTx,
  window: Pick<NamedWindow, 'id' | 'title' | 'startsAtMs' | 'endsAtMs' | 'autoResolve'>,
  { event, monitorIds, occurrence, atMs }: MaintenanceChange,
): Promise<void> {
  const shown = await listShownComponents(tx, monitorIds)
  for (const [serviceId, covered] of Map.groupBy(shown, ({ page }) => page.id)) {
    const [first] = covered
    if (first === undefined) continue
    const { id, title, startsAtMs, endsAtMs, autoResolve } = window
    const components = covered.map((component) => ({ id: component.id, name: component.name }))
    const notice: SubscriberNotice = {
      event,
      atMs,
      page: toPage(deps, first.page),
      maintenance: { id, title, components, startsAtMs, endsAtMs: autoResolve ? endsAtMs : null },
    }
    await insertNotice(
      tx,
      {
        id: newId(atMs),
        event,
        body: JSON.stringify(notice),
        atMs: deps.clock.now(),
        topic: { id, occurrence },
      },
      // Of a plan that is dropped, those alone who know of it.
      event === 'maintenance.cancelled'
        ? { toldOf: id, serviceId }
        : { serviceId, componentIds: components.map((component) => component.id) },
    )
  }
}

function toPage({ publicUrl }: Deps, { id, name, slug, domain, timeZone }: PageOfNotice) {
  return { id, name, url: toPageUrl(publicUrl(), slug, domain), timeZone }
}
