/** An org that exists only for a run of probes, with its credentials. */
export type ProbeOrg = {
  readonly orgId: string
  /** One key with every scope per service, by the service's name; a service without keys is absent. */
  readonly keys: Readonly<Record<string, string>>
  /** Its owner, if the run could make one: an access token, and a fresh proof for what requires sudo. */
  readonly owner: ProbeOwner | null
}

export type ProbeOwner = {
  readonly userId: string
  readonly email: string
  readonly password: string
  readonly accessToken: string
  readonly sudoToken: string
}

/** Makes orgs for probes, and removes them without a trace. */
export type ProbeOrgs = {
  readonly open: (count: number) => Promise<readonly ProbeOrg[]>
  readonly erase: (orgs: readonly ProbeOrg[]) => Promise<void>
  /** Removes what a node that died has left. While a run is under way, only what is too old to belong to it. */
  readonly eraseLeft: (isRunning: boolean) => Promise<void>
}
