import { type Egress, parseEgressAllowance } from '@gatehouse/kernel/egress'

/** Which throw-away orgs may reach which port of loopback, while a run is under way. */
export type Sinks = {
  readonly allow: (orgIds: readonly string[], port: number) => void
  readonly forbid: (orgIds: readonly string[]) => void
  /** As text, for threads that dial; empty for every org but those of a run. */
  readonly egressAllowOf: (orgId: string) => string
}

export function createSinks(): Sinks {
  const ports = new Map<string, number>()
  return {
    allow: (orgIds, port) => {
      for (const orgId of orgIds) ports.set(orgId, port)
    },
    forbid: (orgIds) => {
      for (const orgId of orgIds) ports.delete(orgId)
    },
    egressAllowOf: (orgId) => {
      const port = ports.get(orgId)
      return port === undefined ? '' : `127.0.0.1:${port}`
    },
  }
}

/** The way out of the server, on which the orgs of a run reach the sink of that run; for all others it stays as it is. */
export function withSinks(egress: Egress, { egressAllowOf }: Sinks): Egress {
  return {
    ...egress,
    forOrg: (orgId, beyond) => egress.forOrg(orgId, beyond ?? parseEgressAllowance(egressAllowOf(orgId))),
  }
}
