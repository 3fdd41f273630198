import { mutate } from '@gatehouse/kernel/audit'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { NewUpdateBody, UpdateReply } from '../contract/incidents.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import {
  type Incident,
  type IncidentUpdate,
  insertUpdate,
  listUpdates,
  setIncident,
} from '../store/incident-store.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { lockWithMonitor } from './change-incident.ts'
import { toAuthor } from './to-author.ts'
import { toUpdateReply } from './to-incident-reply.ts'

/** A limit that applies to every plan (specification 10). */
const updatesMax = 100

/** Adds an update for readers. Existing updates are never changed: a correction supersedes one. */
export async function addIncidentUpdate(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  { notifySubscribers = true, ...sent }: NewUpdateBody,
): Promise<UpdateReply> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const { phase, supersedes } = sent
    const incident = await lockWithMonitor(tx, id)
    assertPhaseFits(incident, phase)
    const said = await listUpdates(tx, id)
    if (said.length >= updatesMax)
      throw problems.INVALID_STATE({ detail: `An incident has at most ${updatesMax} updates` })
    if (supersedes !== undefined && !said.some((update) => update.id === supersedes))
      throw problems.VALIDATION_ERROR({
        fields: [{ field: 'supersedes', message: 'is not an update of this incident' }],
      })
    const update = await insertUpdate(tx, id, {
      ...withoutGaps(sent),
      id: newId(now),
      authorId: toAuthor(principal),
      displayAtMs: now,
    })
    await setIncident(tx, { ...incident, publicPhase: phase, updatedAtMs: now })
    await raisePageVersion(tx, incident.serviceId)
    await deps.notices.queueIncident(tx, id, 'incident.updated')
    if (notifySubscribers) await deps.notices.queueUpdate(tx, id, update)
    return {
      result: toUpdateReply(update),
      entry: {
        action: 'incident.add_update',
        resourceId: id,
        detail: { updateId: update.id, phase, notifySubscribers },
        at: now,
      },
    }
  })
}

/** A postmortem is possible only after the end, and other phases only before it. */
function assertPhaseFits({ status }: Incident, phase: IncidentUpdate['phase']): void {
  if (status === 'resolved' && phase !== 'postmortem')
    throw problems.INVALID_STATE({ detail: 'The incident is resolved; only a postmortem can be added' })
  if (status !== 'resolved' && phase === 'postmortem')
    throw problems.INVALID_STATE({ detail: 'A postmortem comes after the incident is resolved' })
}
