/** An org as those see it who administer the instance. */
export type AdministeredOrg = {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly plan: string
  readonly suspendedAtMs: number | null
  readonly suspendedBecause: string | null
  readonly deletionScheduledAtMs: number | null
  readonly members: number
  /** Keys that still work, were the org not suspended. */
  readonly liveKeys: number
  readonly createdAtMs: number
}
