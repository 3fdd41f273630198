import type { Invalidations } from '@gatehouse/kernel/db'

const rememberedMax = 10_000

/** Finds the origins whose pages an org lets call it; cached until the org changes. */
export function createAllowedOrigins(
  invalidations: Invalidations,
  find: (orgId: string) => Promise<readonly string[]>,
): (orgId: string, origin: string) => Promise<boolean> {
  const remembered = new Map<string, readonly string[]>()
  let generation = 0
  invalidations.subscribe((subject) => {
    generation += 1
    if (subject === '*') remembered.clear()
    else if (subject.startsWith('org:')) remembered.delete(subject.slice(4))
  })
  return async (orgId, origin) => {
    const known = invalidations.isConnected() ? remembered.get(orgId) : undefined
    if (known !== undefined) return known.includes(origin)
    const asked = generation
    const found = await find(orgId)
    if (asked === generation && invalidations.isConnected()) {
      if (remembered.size >= rememberedMax) remembered.clear()
      remembered.set(orgId, found)
    }
    return found.includes(origin)
  }
}
