import type { Clock } from '@gatehouse/kernel/clock'
import { asGate, type Database } from '@gatehouse/kernel/db'
import { findLogo } from '../store/logo-store.ts'

type Found = Awaited<ReturnType<typeof findLogo>>

export type LogoCache = { readonly read: (file: string) => Promise<Found> }

/** How long a node goes on serving a logo that was taken away. */
const trustedMs = 60_000
const filesMax = 64

/** Keeps the logos that are asked for, so that a rush of readers is no rush on the database. */
export function createLogoCache(deps: { readonly db: Database; readonly clock: Clock }): LogoCache {
  const known = new Map<string, { readonly found: Found; readonly askedMs: number }>()
  return {
    read: async (file) => {
      const kept = known.get(file)
      if (kept !== undefined && deps.clock.monotonic() - kept.askedMs < trustedMs) return kept.found
      try {
        const found = await asGate(deps, (tx) => findLogo(tx, file))
        if (known.size >= filesMax) known.clear()
        // What is not there may be made up: it is not worth a place.
        if (found === undefined) known.delete(file)
        else known.set(file, { found, askedMs: deps.clock.monotonic() })
        return found
      } catch (error) {
        // With the database away, the last copy is served.
        if (kept === undefined) throw error
        return kept.found
      }
    },
  }
}
