import type { Role } from '@gatehouse/kernel/principal'
import type { Secret } from '@gatehouse/kernel/secrets'

/** What is wrong with an issuer, in classes that a person can be told of. */
export const issuerFaults = [
  'issuer_unreachable',
  'issuer_slow',
  'issuer_forbidden',
  'issuer_answer_invalid',
  'issuer_mismatch',
  'issuer_refused',
  'client_refused',
  'token_invalid',
  'key_unknown',
  'clock_differs',
] as const

export type IssuerFault = (typeof issuerFaults)[number]

export type GroupRole = { readonly group: string; readonly role: Role }

/** What an issuer's people may be in the org. */
export type RoleRules = {
  /** The claim that lists a person's groups; null: groups are not looked at. */
  readonly groupClaim: string | null
  readonly groupRoles: readonly GroupRole[]
  /** For people whom no group gives a role; null: they do not come in. */
  readonly defaultRole: Role | null
}

export type SsoDomain = {
  readonly domain: string
  readonly token: string
  readonly provenAtMs: number | null
  readonly checkedAtMs: number | null
  /** Since when a daily look does not find the record of a proven domain; null: it was there. */
  readonly missingSinceMs: number | null
}

/** What an org has set. */
export type SsoSettings = RoleRules & {
  readonly issuer: string
  readonly clientId: string
  readonly clockSkewSeconds: number
  readonly isRequired: boolean
  /** The owner who may still use a password. */
  readonly breakGlassUserId: string | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What it takes to let somebody in: of an org's own settings, or of the instance's. */
export type Connection = RoleRules & {
  readonly orgId: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: Secret
  readonly clockSkewSeconds: number
  /** Whose addresses the issuer may vouch for. */
  readonly domains: readonly string[]
}

/** What the operator has set for the whole instance. `orgSlug`: whose people come through it, where there are several orgs. */
export type InstanceIssuer = Omit<Connection, 'orgId'> & {
  readonly orgSlug: string | undefined
  /** The address of the one owner whose password still opens something; undefined: passwords are as good as the issuer. */
  readonly requiredExcept?: string | undefined
}

const recordPrefix = 'gatehouse-domain-verification='

/** The TXT record that proves a domain. */
export function toDomainRecord({ domain, token }: Pick<SsoDomain, 'domain' | 'token'>) {
  return { name: `_gatehouse.${domain}`, value: `${recordPrefix}${token}` }
}

/** Blanks and quotes around a value come from the forms in which people type it. */
export function isDomainProven(
  domain: Pick<SsoDomain, 'domain' | 'token'>,
  texts: readonly string[],
): boolean {
  const { value } = toDomainRecord(domain)
  return texts.some((text) => text.trim().replaceAll(/^"|"$/g, '') === value)
}
