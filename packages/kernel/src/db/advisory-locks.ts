/**
 * The locks that nodes on one database take, each its own. Any constants will do, as long as every version of Gatehouse
 * uses the same.
 */
export const advisoryLocks = {
  migration: 7_305_661,
  /** Held by a node for as long as it runs. */
  node: 7_305_662,
  retention: 7_305_663,
  /** The group of the locks of feeds, one for each venue. */
  feeds: 7_305_664,
} as const
