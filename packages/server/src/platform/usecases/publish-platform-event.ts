import type { Checkpoint } from '@gatehouse/kernel/audit'
import { asWriter, type Database, recordTelemetry, type TelemetryTx } from '@gatehouse/kernel/db'
import { listSubscribedOrgs } from '@gatehouse/kernel/webhooks'
import type { z } from 'zod'
import { publishEvent, webhookService } from '../../service/publish-event.ts'
import { type PlatformEvent, platformEvents } from '../contract/events.ts'

/** Publishes an event to the org's webhooks, in the transaction of the change. */
export async function publishPlatformEvent<Type extends PlatformEvent>(
  tx: TelemetryTx,
  type: Type,
  data: z.input<(typeof platformEvents)[Type]>,
  atMs: number,
): Promise<void> {
  await publishEvent(tx, platformEvents, type, data, atMs)
}

/**
 * Publishes the newest checkpoint of the org's audit log to its webhooks, so that a copy of that proof exists outside
 * this instance (A5).
 */
export async function publishCheckpoint(tx: TelemetryTx, checkpoint: Checkpoint): Promise<void> {
  const atMs = Date.parse(checkpoint.ts)
  await publishPlatformEvent(tx, 'audit.checkpoint', { kind: 'checkpoint', ...checkpoint }, atMs)
}

/** Publishes what happened, when, and to which member; not what was tried, nor from where. */
export async function publishSecurityIncident(
  tx: TelemetryTx,
  kind: Exclude<z.input<(typeof platformEvents)['security.incident']>['kind'], 'instance_incident'>,
  userId: string,
  atMs: number,
): Promise<void> {
  const data = { kind, at: new Date(atMs).toISOString(), user_id: userId }
  await publishPlatformEvent(tx, 'security.incident', data, atMs)
}

/** Publishes to every subscribed org that a claim of the security page no longer holds. */
export async function publishClaimFailed(
  deps: { readonly db: Database },
  claim: string,
  atMs: number,
): Promise<void> {
  const orgIds = await asWriter(deps, (tx) => listSubscribedOrgs(tx, webhookService, 'posture.claim_failed'))
  for (const orgId of orgIds)
    await recordTelemetry(deps, { kind: 'system', orgId, because: 'posture' }, (tx) =>
      publishPlatformEvent(tx, 'posture.claim_failed', { claim, at: new Date(atMs).toISOString() }, atMs),
    )
}
