import type { AuditedTx } from '@gatehouse/kernel/audit'
import { problems } from '../problems.ts'
import { lockMonitor, type Monitor } from '../store/monitor-store.ts'

export type Several<T> = readonly [T, ...T[]]

/**
 * Locks these monitors, each once, in the same order as all other callers. Throws NOT_FOUND unless all of them exist
 * in this organisation.
 */
export async function lockAll(tx: AuditedTx, ids: readonly string[]): Promise<Several<Monitor>> {
  const found: Monitor[] = []
  for (const id of [...new Set(ids)].toSorted()) {
    const monitor = await lockMonitor(tx, id)
    if (monitor === undefined) throw problems.NOT_FOUND({ detail: 'Monitor not found' })
    found.push(monitor)
  }
  const [first, ...others] = found
  if (first === undefined) throw problems.NOT_FOUND({ detail: 'Monitor not found' })
  return [first, ...others]
}

export function mapAll<From, To>([first, ...others]: Several<From>, work: (one: From) => To): Several<To> {
  return [work(first), ...others.map(work)]
}
