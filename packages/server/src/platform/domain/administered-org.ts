/** An org as administrators of the instance see it. */
export type AdministeredOrg = {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly plan: string
  readonly suspendedAtMs: number | null
  readonly suspendedBecause: string | null
  readonly deletionScheduledAtMs: number | null
  readonly members: number
  /** The number of live keys, not counting the effect of a suspension. */
  readonly liveKeys: number
  readonly createdAtMs: number
}
