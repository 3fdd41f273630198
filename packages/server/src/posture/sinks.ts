import { type Egress, parseEgressAllowance } from '@gatehouse/kernel/egress'

/** Which throw-away orgs may reach the receiver of which run, while it is under way, on whichever node. */
export type Sinks = {
  /** `address` is host and port; resolves once the other nodes have been told. */
  readonly allow: (orgIds: readonly string[], address: string) => Promise<void>
  readonly forbid: (orgIds: readonly string[]) => Promise<void>
  /** As text, for threads that dial; empty for every org but those of a run. */
  readonly egressAllowOf: (orgId: string) => string
}

export type SinkNews = {
  readonly subscribe: (listener: (subject: string) => void) => unknown
  /** Tells every node, this one included. */
  readonly tellAll: (subject: string) => Promise<void>
}

const opened = 'posture.sink:'
const closed = 'posture.sink-closed:'
/** Longer than any run; a node that dies cannot say that its runs are over. */
const forgottenAfterMs = 3_600_000

export function createSinks({ subscribe, tellAll }: SinkNews, monotonic: () => number): Sinks {
  const addresses = new Map<string, { readonly address: string; readonly untilMs: number }>()
  const note = (orgId: string, address: string): void => {
    addresses.set(orgId, { address, untilMs: monotonic() + forgottenAfterMs })
  }
  subscribe((subject) => {
    if (subject.startsWith(closed)) addresses.delete(subject.slice(closed.length))
    const [orgId, address] = subject.startsWith(opened) ? subject.slice(opened.length).split('@') : []
    if (orgId !== undefined && address !== undefined) note(orgId, address)
  })
  return {
    allow: async (orgIds, address) => {
      for (const orgId of orgIds) note(orgId, address)
      for (const orgId of orgIds) await tellAll(`${opened}${orgId}@${address}`)
    },
    forbid: async (orgIds) => {
      for (const orgId of orgIds) addresses.delete(orgId)
      for (const orgId of orgIds) await tellAll(`${closed}${orgId}`)
    },
    egressAllowOf: (orgId) => {
      const found = addresses.get(orgId)
      if (found === undefined) return ''
      if (monotonic() < found.untilMs) return found.address
      addresses.delete(orgId)
      return ''
    },
  }
}

/** The way out of the server, on which the orgs of a run reach the sink of that run; for all others it stays as it is. */
export function withSinks(egress: Egress, { egressAllowOf }: Pick<Sinks, 'egressAllowOf'>): Egress {
  return {
    ...egress,
    forOrg: (orgId, beyond) => egress.forOrg(orgId, beyond ?? parseEgressAllowance(egressAllowOf(orgId))),
  }
}
