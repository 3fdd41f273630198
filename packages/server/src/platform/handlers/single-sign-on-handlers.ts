import { type HandlersOf, showHost } from '@gatehouse/kernel/endpoint'
import type { singleSignOnEndpoints } from '../contract/single-sign-on.ts'
import type { PlatformDeps } from '../deps.ts'
import { type SsoDomain, toDomainRecord } from '../domain/single-sign-on.ts'
import { toTime, toTimeOrNull } from '../../service/shapes.ts'
import { checkSingleSignOn } from '../usecases/check-single-sign-on.ts'
import {
  deleteSingleSignOn,
  findSingleSignOn,
  setSingleSignOn,
  type SsoView,
} from '../usecases/set-single-sign-on.ts'

export function singleSignOnHandlers(deps: PlatformDeps): HandlersOf<typeof singleSignOnEndpoints> {
  return {
    getSingleSignOn: async (owner) => toWire(deps, await findSingleSignOn(deps, owner)),
    setSingleSignOn: async (owner, { body }) => {
      const { roles, require: isRequired, clientSecret, ...rest } = body
      const change = { ...rest, groupRoles: roles, isRequired, clientSecret }
      return toWire(deps, await setSingleSignOn(deps, owner, change))
    },
    deleteSingleSignOn: async (owner) => {
      await deleteSingleSignOn(deps, owner)
      return { ok: true } as const
    },
    checkSingleSignOn: async (owner) => {
      const { domains, issuerFault } = await checkSingleSignOn(deps, owner)
      return {
        domains: domains.map(({ outcome, ...domain }) => ({ ...toWireDomain(domain), outcome })),
        issuerFault: issuerFault ?? null,
      }
    },
  }
}

function toWire({ publicUrl }: Pick<PlatformDeps, 'publicUrl'>, view: SsoView | undefined) {
  const addresses = {
    redirectUri: `${publicUrl()}/auth/sso/callback`,
    backchannelLogoutUri: `${publicUrl()}/auth/sso/backchannel-logout`,
  }
  if (view === undefined) return { data: null, ...addresses }
  const { settings, domains } = view
  return {
    data: {
      issuer: settings.issuer,
      clientId: settings.clientId,
      domains: domains.map(toWireDomain),
      groupClaim: settings.groupClaim,
      roles: [...settings.groupRoles],
      defaultRole: settings.defaultRole,
      require: settings.isRequired,
      breakGlassUserId: settings.breakGlassUserId,
      clockSkewSeconds: settings.clockSkewSeconds,
      createdAt: toTime(settings.createdAtMs),
      updatedAt: toTime(settings.updatedAtMs),
    },
    ...addresses,
  }
}

function toWireDomain(domain: SsoDomain) {
  return {
    domain: domain.domain,
    shownDomain: showHost(domain.domain),
    record: toDomainRecord(domain),
    provenAt: toTimeOrNull(domain.provenAtMs),
    checkedAt: toTimeOrNull(domain.checkedAtMs),
    missingSince: toTimeOrNull(domain.missingSinceMs),
  }
}
