import type { ServerConfig } from './config.ts'
import type { InstanceIssuer } from './platform/index.ts'

const clockSkewSeconds = 60

/** The issuer that the operator has configured for the whole instance; undefined when there is none. */
export function toInstanceIssuer(config: ServerConfig): InstanceIssuer | undefined {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = config
  if (issuer === undefined) return undefined
  if (clientId === undefined || clientSecret === undefined || config.oidcDomains.length === 0)
    throw new Error(
      'GATEHOUSE_OIDC_ISSUER needs GATEHOUSE_OIDC_CLIENT_ID, GATEHOUSE_OIDC_CLIENT_SECRET and GATEHOUSE_OIDC_DOMAINS beside it',
    )
  if (config.oidcRequireExcept !== undefined && config.oidcOrg === undefined)
    throw new Error(
      'GATEHOUSE_OIDC_REQUIRE_EXCEPT needs GATEHOUSE_OIDC_ORG beside it, so that a second organisation locks nobody out',
    )
  return {
    issuer,
    clientId,
    clientSecret,
    clockSkewSeconds,
    domains: config.oidcDomains,
    groupClaim: config.oidcGroupClaim ?? null,
    groupRoles: config.oidcRoles,
    defaultRole: config.oidcDefaultRole ?? null,
    orgSlug: config.oidcOrg,
    requiredExcept: config.oidcRequireExcept,
  }
}
