import type { MasterPrincipal } from '@gatehouse/kernel/principal'
import type { Secret } from '@gatehouse/kernel/secrets'

/** An org as the operator's automation knows it. */
export type DeskOrg = {
  readonly id: string
  /** The id that the operator gave it; its own id if it has none. */
  readonly externalId: string
  readonly name: string
  readonly plan: string
  readonly suspendedAtMs: number | null
}

export type OrgWish = {
  readonly externalId: string
  readonly name: string
  readonly plan: string
  readonly allowedOrigins: readonly string[]
  /** The service of its first key. */
  readonly service: string
  /** Additional details for the audit entries of its creation. */
  readonly detail: Readonly<Record<string, string>>
}

export type NewDeskKey = { readonly secret: Secret; readonly prefix: string }

/**
 * What the operator's automation can do to whole orgs. Each action is an entry in the org's chain and in the
 * instance's.
 */
export type OrgDesk = {
  readonly find: (externalId: string) => Promise<DeskOrg | undefined>
  /** Creates an org with its first key; if the external id is taken, returns the org that has it, without a key. */
  readonly create: (
    by: MasterPrincipal,
    wish: OrgWish,
  ) => Promise<{ readonly org: DeskOrg; readonly key: NewDeskKey | null; readonly prefix: string | null }>
  readonly suspend: (by: MasterPrincipal, org: DeskOrg, act: DeskAct) => Promise<DeskOrg>
  readonly restore: (by: MasterPrincipal, org: DeskOrg, act: DeskAct) => Promise<DeskOrg>
  /** Revokes every live key of a service, and makes one with the service's default scopes. */
  readonly replaceKeys: (
    by: MasterPrincipal,
    org: DeskOrg,
    service: string,
    act: DeskAct,
  ) => Promise<{ readonly key: NewDeskKey; readonly revoked: number }>
  readonly revokeKeys: (
    by: MasterPrincipal,
    org: DeskOrg,
    service: string,
    act: DeskAct,
  ) => Promise<{ readonly revoked: number }>
}

/** The action as named in the instance's chain, and its reason. */
export type DeskAct = { readonly action: string; readonly reason: string }
