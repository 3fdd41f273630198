import type { AuditedTx } from '@gatehouse/kernel/audit'
import { problems } from '../problems.ts'
import { lockMonitorsOf, type Monitor } from '../store/monitor-store.ts'

export type Several<T> = readonly [T, ...T[]]

/**
 * Locks these monitors, each once, in the same order as all other callers. Throws NOT_FOUND unless all of them exist
 * in this organisation.
 */
export async function lockAll(tx: AuditedTx, ids: readonly string[]): Promise<Several<Monitor>> {
  const wanted = new Set(ids)
  const found = await lockMonitorsOf(tx, [...wanted])
  const [first, ...others] = found
  if (first === undefined || found.length < wanted.size)
    throw problems.NOT_FOUND({ detail: 'Monitor not found' })
  return [first, ...others]
}

export function mapAll<From, To>([first, ...others]: Several<From>, work: (one: From) => To): Several<To> {
  return [work(first), ...others.map(work)]
}
