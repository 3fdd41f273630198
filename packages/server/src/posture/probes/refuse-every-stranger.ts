import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { UnseenError } from './ask.ts'
import { listOperations, type Operation, withUnknownIds } from './operations.ts'

/** Concurrent calls: each waits for the floor of its gate and does nothing meanwhile. */
const lanes = 16

/** Calls every operation that requires a credential without one: each must answer 401. */
export async function refuseEveryStranger(target: Target, signal: AbortSignal): Promise<Finding> {
  const guarded = (await listOperations(target)).filter(({ provenBy }) => provenBy.length > 0)
  if (guarded.length === 0) throw new UnseenError('The document of the API names nothing that is guarded')
  const waiting = [...guarded]
  const open: string[] = []
  const run = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      signal.throwIfAborted()
      if (!(await isRefused(target, next))) open.push(`${next.method} ${next.path}`)
    }
  }
  await Promise.all(Array.from({ length: lanes }, run))
  const figures = { operations: guarded.length, open: open.length }
  return open.length === 0
    ? holds(figures)
    : fails(`Without a credential, ${open.toSorted()[0]} did not answer that it knows nobody`, figures)
}

async function isRefused(target: Target, { method, path, takesJson }: Operation): Promise<boolean> {
  const call = takesJson ? { method, body: {} } : { method }
  const { status } = await target.send(withUnknownIds(path), call)
  if (status === 503) throw new UnseenError(`${path} answered 503 to the probe`)
  return status === 401
}
