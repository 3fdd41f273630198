import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { DeliveryReply } from '../contract/delivery-shape.ts'
import type { AssignmentReply, IncidentQuery, IncidentReply, UpdateReply } from '../contract/incidents.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { type Evidence, findEvidence } from './incident-evidence.ts'
import { readChannelLog } from './channel-log.ts'
import {
  findIncident,
  type Incident,
  type IncidentFilter,
  type IncidentPosition,
  listIncidents as listStored,
  listUpdates,
} from '../store/incident-store.ts'
import { toTime } from '../../../service/shapes.ts'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toIncidentReply, toUpdateReply } from './to-incident-reply.ts'

const list = 'incidents'
/** The number of resolved incidents in a list without a limit (specification 8.1). */
const resolvedMax = 500

export async function listIncidents(
  deps: Pick<UptimeDeps, 'db' | 'cursors'>,
  principal: Principal,
  { status, monitorId, serviceId, from: fromMs, to: toMs, limit, cursor }: IncidentQuery,
): Promise<{ readonly incidents: IncidentReply[]; readonly nextCursor: string | null }> {
  const { orgId } = principal
  const after = toPosition(openCursor(deps, list, orgId, cursor))
  return within(deps, principal, async (tx) => {
    const filter = { status, monitorId, serviceId, fromMs, toMs }
    const rows =
      limit === undefined
        ? await listWhole(tx, filter)
        : await listStored(tx, filter, { after, limit: limit + 1 })
    const { entries, nextCursor } = toPage(deps, list, orgId, rows, limit, writePosition)
    return { incidents: entries.map((incident) => toIncidentReply(orgId, incident)), nextCursor }
  })
}

/** All open incidents, and the newest resolved ones. */
async function listWhole(tx: TenantTx, filter: IncidentFilter): Promise<readonly Incident[]> {
  const open = await listStored(tx, { ...filter, isOpen: true })
  const over = await listStored(tx, { ...filter, isOpen: false }, { limit: resolvedMax })
  return [...open, ...over].toSorted((a, b) => b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : -1))
}

function writePosition({ startedAtMs, id }: IncidentPosition): string {
  return `${startedAtMs} ${id}`
}

function toPosition(position: string | undefined): IncidentPosition | undefined {
  if (position === undefined) return undefined
  const [startedAtMs, id = ''] = position.split(' ')
  return { startedAtMs: Number(startedAtMs), id }
}

export type IncidentDetail = IncidentReply & {
  assignments: AssignmentReply[]
  updates: UpdateReply[]
  deliveries: DeliveryReply[]
  evidence: Evidence | null
}

export async function getIncident(
  deps: Pick<UptimeDeps, 'db'>,
  principal: Principal,
  id: string,
): Promise<IncidentDetail> {
  return within(deps, principal, async (tx) => {
    const incident = await findIncident(tx, id)
    if (incident === undefined) throw problems.NOT_FOUND({ detail: 'Incident not found' })
    return {
      ...toIncidentReply(tx.orgId, incident),
      assignments: (incident.assignments ?? []).map(({ atMs, ...given }) => ({
        at: toTime(atMs),
        ...given,
      })),
      updates: (await listUpdates(tx, id)).map(toUpdateReply),
      deliveries: [...(await readChannelLog(tx, { topic: id }))],
      evidence: await findEvidence(tx, incident),
    }
  })
}
