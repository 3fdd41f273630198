import { type AuditedTx, mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { isTold } from '../monitor-types/watch.ts'
import { problems } from '../problems.ts'
import { findSealedToken, setHeartbeatToken } from '../store/heartbeat-store.ts'
import { lockMonitor } from '../store/monitor-store.ts'
import { keepHeartbeatToken, newToken, openHeartbeatToken, toHeartbeatUrl } from './heartbeat-token.ts'

/** Returns a credential, so reading it is recorded in the audit chain. */
export async function getHeartbeatUrl(deps: UptimeDeps, principal: Principal, id: string): Promise<string> {
  return mutate(deps, principal, async (tx) => {
    await assertHeartbeat(tx, id)
    const sealed = await findSealedToken(tx, id)
    if (sealed === undefined) throw new Error('A heartbeat has a token')
    return {
      result: toHeartbeatUrl(deps, openHeartbeatToken(deps, tx.orgId, id, sealed)),
      entry: { action: 'monitor.reveal_url', resourceId: id, at: deps.clock.now() },
    }
  })
}

/** The old URL stops working when this transaction commits. */
export async function rotateHeartbeatToken(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
): Promise<string> {
  return mutate(deps, principal, async (tx) => {
    await assertHeartbeat(tx, id)
    const token = newToken(deps)
    await setHeartbeatToken(tx, id, keepHeartbeatToken(deps, tx.orgId, id, token))
    return {
      result: toHeartbeatUrl(deps, token),
      entry: { action: 'monitor.rotate_token', resourceId: id, at: deps.clock.now() },
    }
  })
}

async function assertHeartbeat(tx: AuditedTx, id: string): Promise<void> {
  const monitor = await lockMonitor(tx, id)
  if (monitor === undefined) throw problems.NOT_FOUND({ detail: 'Monitor not found' })
  if (!isTold(monitor.type))
    throw problems.INVALID_TYPE({ detail: `A monitor of type ${monitor.type} has no URL to ping` })
}
