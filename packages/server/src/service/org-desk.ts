import type { MasterPrincipal } from '@gatehouse/kernel/principal'
import type { Secret } from '@gatehouse/kernel/secrets'

/** An org as the operator's automation knows it. */
export type DeskOrg = {
  readonly id: string
  /** The id that the operator gave it; its own where it has none. */
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
  /** The service that its first key opens. */
  readonly service: string
  /** What else its founding is told with in the chains. */
  readonly detail: Readonly<Record<string, string>>
}

export type NewDeskKey = { readonly secret: Secret; readonly prefix: string }

/** What the operator's automation does to whole orgs. Each deed is an entry of the org's chain and of the instance's. */
export type OrgDesk = {
  readonly find: (externalId: string) => Promise<DeskOrg | undefined>
  /** With its first key; where the external id is taken, the org that has it, and no key. */
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

/** What a deed is called on the instance's chain, and why it was done. */
export type DeskAct = { readonly action: string; readonly reason: string }
