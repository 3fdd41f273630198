import type { Role } from '@gatehouse/kernel/principal'
import type { Secret } from '@gatehouse/kernel/secrets'

/** The faults of an issuer, in classes that may be shown to a person. */
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

/** Which roles the people of an issuer get in the org. */
export type RoleRules = {
  /** The claim that lists a person's groups; null when groups are not used. */
  readonly groupClaim: string | null
  readonly groupRoles: readonly GroupRole[]
  /** The role of people whose groups give none; null when they are refused. */
  readonly defaultRole: Role | null
}

export type SsoDomain = {
  readonly domain: string
  readonly token: string
  readonly provenAtMs: number | null
  readonly checkedAtMs: number | null
  /** Since when the daily check has not found the record of a proven domain; null when it was found. */
  readonly missingSinceMs: number | null
}

/** The single sign-on settings of an org. */
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

/** What is needed to log people in through an issuer: from an org's own settings or the instance's. */
export type Connection = RoleRules & {
  readonly orgId: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: Secret
  readonly clockSkewSeconds: number
  /** The domains whose addresses the issuer may vouch for. */
  readonly domains: readonly string[]
}

/**
 * The operator's settings for the whole instance. `orgSlug`: the org whose people log in through it, if there are
 * several.
 */
export type InstanceIssuer = Omit<Connection, 'orgId'> & {
  readonly orgSlug: string | undefined
  /**
   * The address of the only owner who may still use a password; undefined when passwords are allowed beside the issuer.
   */
  readonly requiredExcept?: string | undefined
}

const recordPrefix = 'gatehouse-domain-verification='

/** The TXT record that proves a domain. */
export function toDomainRecord({ domain, token }: Pick<SsoDomain, 'domain' | 'token'>) {
  return { name: `_gatehouse.${domain}`, value: `${recordPrefix}${token}` }
}

/**
 * Whether one of the TXT records proves the domain. Blanks and quotes around a value come from the forms in which
 * people enter it.
 */
export function isDomainProven(
  domain: Pick<SsoDomain, 'domain' | 'token'>,
  texts: readonly string[],
): boolean {
  const { value } = toDomainRecord(domain)
  return texts.some((text) => text.trim().replaceAll(/^"|"$/g, '') === value)
}
