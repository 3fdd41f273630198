/**
 * The numbers of the advisory locks that nodes on one database take. They are arbitrary, but must be the same in every
 * version of Gatehouse.
 */
export const advisoryLocks = {
  migration: 7_305_661,
  /** Each node holds this lock for as long as it runs. */
  node: 7_305_662,
  retention: 7_305_663,
  /** The lock group of the feeds, with one lock per venue. */
  feeds: 7_305_664,
} as const
