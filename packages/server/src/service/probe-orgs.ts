/** An org that exists for a run of probes alone, and what opens it. */
export type ProbeOrg = {
  readonly orgId: string
  /** One key with every scope per service, by the service's name; a service without a key is absent. */
  readonly keys: Readonly<Record<string, string>>
  /** Its owner, where the run could make one: an access token, and a fresh proof for what needs sudo. */
  readonly owner: ProbeOwner | null
}

export type ProbeOwner = {
  readonly userId: string
  readonly email: string
  readonly password: string
  readonly accessToken: string
  readonly sudoToken: string
}

/** Makes orgs for probes, and takes them away without a trace. */
export type ProbeOrgs = {
  readonly open: (count: number) => Promise<readonly ProbeOrg[]>
  readonly erase: (orgs: readonly ProbeOrg[]) => Promise<void>
  /** Takes away what a node that died has left. While a run is under way, only what is too old to be of it. */
  readonly eraseLeft: (isRunning: boolean) => Promise<void>
}
