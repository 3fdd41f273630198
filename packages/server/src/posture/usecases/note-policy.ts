import { recordTelemetry } from '@gatehouse/kernel/db'
import type { PostureDeps } from '../deps.ts'
import { hashPolicy } from '../hash-policy.ts'
import { insertPolicy } from '../store/evidence-store.ts'
import { asInstance } from './in-instance.ts'

/** Stores since when the present sentences and policy are in force. */
export async function notePolicy(
  deps: Pick<PostureDeps, 'claims' | 'clock' | 'db' | 'policy'>,
): Promise<void> {
  const hash = hashPolicy(deps.claims, deps.policy())
  await recordTelemetry(deps, asInstance, (tx) => insertPolicy(tx, hash, deps.clock.now()))
}
