import { asGate, type Database } from '../db/index.ts'
import type { StoredKey } from './judge-key.ts'
import { listCandidates } from './store/key-store.ts'

type Waiting = {
  readonly resolve: (candidates: readonly StoredKey[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * A query for many prefixes costs little more than one for a single prefix, so a burst of unknown keys must not cost a
 * query each.
 */
const prefixesPerQueryMax = 500
const queriesAtOnceMax = 2

/** Finds the candidates for a visible prefix; look-ups that arrive while others are under way share the next query. */
export function createLookUp(db: Database): (prefix: string) => Promise<readonly StoredKey[]> {
  const waiting = new Map<string, Waiting[]>()
  let underWay = 0

  const run = async (): Promise<void> => {
    const batch = [...waiting].slice(0, prefixesPerQueryMax)
    for (const [prefix] of batch) waiting.delete(prefix)
    try {
      const found = await asGate({ db }, (tx) =>
        listCandidates(
          tx,
          batch.map(([prefix]) => prefix),
        ),
      )
      const byPrefix = Map.groupBy(found, ({ prefix }) => prefix)
      for (const [prefix, callers] of batch)
        for (const { resolve } of callers) resolve(byPrefix.get(prefix) ?? [])
    } catch (error) {
      for (const [, callers] of batch) for (const { reject } of callers) reject(error)
    }
  }

  const start = (): void => {
    if (underWay >= queriesAtOnceMax || waiting.size === 0) return
    underWay += 1
    // Deferred by one turn of the event loop, so that requests that arrived together share a query.
    setImmediate(() => {
      void run().finally(() => {
        underWay -= 1
        start()
      })
    })
  }

  return (prefix) =>
    new Promise((resolve, reject) => {
      const callers = waiting.get(prefix)
      if (callers === undefined) waiting.set(prefix, [{ resolve, reject }])
      else callers.push({ resolve, reject })
      start()
    })
}
