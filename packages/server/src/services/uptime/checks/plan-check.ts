import type { Sealer } from '@gatehouse/kernel/secrets'
import type { Finding } from '../domain/assess.ts'
import { toAuthority } from '../domain/target.ts'
import type { OwnFault } from '../monitor-types/own-faults.ts'
import { type LookTask, type StoredWatch, targetOf, toLookTask } from '../monitor-types/watch.ts'
import { openMonitorSecrets } from './monitor-secrets.ts'

export type StoredMonitor = {
  readonly orgId: string
  readonly monitorId: string
  readonly stored: StoredWatch
  readonly sealedConfig: string | null
}

export type CheckPlan =
  /** `targetKey` identifies the target for the politeness limits. */
  | { readonly kind: 'look'; readonly task: LookTask; readonly targetKey: string }
  /** The stored config cannot be used. That is a result too, and people see it. */
  | { readonly kind: 'unable'; readonly fault: Finding; readonly error?: unknown }

/** Prepares one check of a stored monitor, with decrypted credentials. */
export function planCheck(
  sealer: Sealer,
  { orgId, monitorId, stored, sealedConfig }: StoredMonitor,
): CheckPlan {
  if (!stored.isKnown) return { kind: 'unable', fault: stored.fault }
  const target = targetOf(stored.watch)
  if (target === null) {
    const error = new Error(`A monitor of type ${stored.watch.type} has no target to look at`)
    return { kind: 'unable', fault: toOwnFault('internal_error'), error }
  }
  try {
    const secrets = openMonitorSecrets(sealer, orgId, { id: monitorId, sealedConfig })
    return {
      kind: 'look',
      task: toLookTask(stored.watch, secrets),
      targetKey: toAuthority(target.input),
    }
  } catch (error) {
    return { kind: 'unable', fault: toOwnFault('secret_unreadable'), error }
  }
}

function toOwnFault(code: 'internal_error' | 'secret_unreadable'): OwnFault {
  return { code, values: {} }
}
