import { type Egress, parseEgressAllowance } from '@gatehouse/kernel/egress'

/** Which temporary orgs may reach the sink of a run while it is under way; known on every node. */
export type Sinks = {
  /** `address` is host and port. Resolves once the other nodes have been notified. */
  readonly allow: (orgIds: readonly string[], address: string) => Promise<void>
  readonly forbid: (orgIds: readonly string[]) => Promise<void>
  /** The allowance as text, for threads that dial; empty for every org that is not part of a run. */
  readonly egressAllowOf: (orgId: string) => string
}

export type SinkNews = {
  readonly subscribe: (listener: (subject: string) => void) => unknown
  /** Notifies every node, including this one. */
  readonly tellAll: (subject: string) => Promise<void>
}

const opened = 'posture.sink:'
const closed = 'posture.sink-closed:'
/** Longer than any run: a node that died cannot report the end of its runs. */
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

/** Wraps the egress so that the orgs of a run can reach the sink of that run; for all others it is unchanged. */
export function withSinks(egress: Egress, { egressAllowOf }: Pick<Sinks, 'egressAllowOf'>): Egress {
  return {
    ...egress,
    forOrg: (orgId, beyond) => egress.forOrg(orgId, beyond ?? parseEgressAllowance(egressAllowOf(orgId))),
  }
}
