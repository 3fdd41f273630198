import type { Egress, EgressRequest } from '@gatehouse/kernel/egress'
import { createEgress } from '@gatehouse/kernel/egress'
import type { Parts } from '../../src/parts.ts'
import type { ComposedServer } from '../fixtures/compose-server.ts'

/** The server with one control weakened: the probe of its claim must say that it fails. */
export type Mutant = {
  readonly claim: string
  /** Mutants of one group share a server, so their weakenings must not touch each other. Without: a server of its own. */
  readonly group?: string
  readonly weakened?: Partial<Parts>
  readonly settings?: Readonly<Record<string, string>>
  /** Done to the running server, for what stands in its database. */
  readonly weaken?: (server: ComposedServer) => Promise<void>
}

/** An egress whose requests, of every org, are changed before they leave. */
export function changingRequests(change: (request: EgressRequest) => EgressRequest): Partial<Parts> {
  const wrap = (egress: Egress): Egress => ({
    ...egress,
    request: (request) => egress.request(change(request)),
    forOrg: (orgId, beyond) => wrap(egress.forOrg(orgId, beyond)),
  })
  return { createEgress: (options) => wrap(createEgress(options)) }
}

/** What all weakenings of a group come to. Each part but those that wrap may be weakened once. */
export function mergeParts(all: readonly Partial<Parts>[]): Partial<Parts> {
  let merged: Partial<Parts> = {}
  for (const { wrapService, wrapLimitStore, securityHeaders, ...rest } of all) {
    const taken = Object.keys(rest).filter((name) => name in merged)
    if (taken.length > 0) throw new Error(`Two mutants of one group weaken ${taken.join(', ')}`)
    const { wrapService: service = (same) => same, wrapLimitStore: store = (same) => same } = merged
    merged = {
      ...merged,
      ...rest,
      ...(wrapService === undefined ? {} : { wrapService: (one) => wrapService(service(one)) }),
      ...(wrapLimitStore === undefined ? {} : { wrapLimitStore: (one) => wrapLimitStore(store(one)) }),
      ...(securityHeaders === undefined
        ? {}
        : { securityHeaders: { ...merged.securityHeaders, ...securityHeaders } }),
    }
  }
  return merged
}
