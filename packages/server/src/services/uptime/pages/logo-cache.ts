import type { Clock } from '@gatehouse/kernel/clock'
import { asGate, type Database } from '@gatehouse/kernel/db'
import { findLogo } from '../store/logo-store.ts'

type Found = Awaited<ReturnType<typeof findLogo>>

export type LogoCache = { readonly read: (file: string) => Promise<Found> }

/** How long a node may still serve a removed logo. */
const trustedMs = 60_000
const filesMax = 64

/** Caches requested logos, so that many readers do not load the database. */
export function createLogoCache(deps: { readonly db: Database; readonly clock: Clock }): LogoCache {
  const known = new Map<string, { readonly found: Found; readonly askedMs: number }>()
  return {
    read: async (file) => {
      const kept = known.get(file)
      if (kept !== undefined && deps.clock.monotonic() - kept.askedMs < trustedMs) return kept.found
      try {
        const found = await asGate(deps, (tx) => findLogo(tx, file))
        if (known.size >= filesMax) known.clear()
        // Unknown names are not cached, because anybody can invent them.
        if (found === undefined) known.delete(file)
        else known.set(file, { found, askedMs: deps.clock.monotonic() })
        return found
      } catch (error) {
        // While the database is unavailable, the cached copy is served.
        if (kept === undefined) throw error
        return kept.found
      }
    },
  }
}
