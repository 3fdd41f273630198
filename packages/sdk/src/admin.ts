import type { ApiKey } from './api-key.ts'
import type { CallOptions, Transport } from './transport.ts'

export type AdministeredOrg = {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly plan: string
  readonly suspendedAt: string | null
  readonly suspendedBecause: string | null
  readonly deletionScheduledAt: string | null
  readonly members: number
  /** Keys that still work, were the organisation not suspended. */
  readonly apiKeys: number
  readonly createdAt: string
}

export type AdministeredOrgFilter = {
  /** Part of a name or slug, or a whole id. */
  readonly search?: string
  readonly suspended?: 'true' | 'false'
  readonly cursor?: string
  readonly limit?: number
}

export type AdministeredOrgPage = {
  readonly orgs: readonly AdministeredOrg[]
  readonly nextCursor: string | null
  readonly hasMore: boolean
}

type Done = { readonly ok: true }
type Held<T> = { readonly org: T }

/** For the administrators of an instance; for everyone else there is nothing here. */
export function adminApi(send: Transport) {
  const orgs = '/admin/orgs'
  const one = (id: string) => `${orgs}/${encodeURIComponent(id)}`
  return {
    orgs: {
      list: (query: AdministeredOrgFilter = {}, options?: CallOptions) =>
        send<AdministeredOrgPage>('GET', orgs, { ...options, query }),
      get: async (id: string, options?: CallOptions) =>
        (await send<Held<AdministeredOrg & { readonly owners: readonly string[] }>>('GET', one(id), options))
          .org,
      suspend: async (id: string, reason: string, options?: CallOptions) =>
        (await send<Held<AdministeredOrg>>('POST', `${one(id)}/suspend`, { ...options, body: { reason } }))
          .org,
      restore: async (id: string, options?: CallOptions) =>
        (await send<Held<AdministeredOrg>>('POST', `${one(id)}/restore`, options)).org,
    },
    apiKeys: {
      list: async (orgId: string, options?: CallOptions) =>
        (await send<{ readonly apiKeys: readonly ApiKey[] }>('GET', `${one(orgId)}/api-keys`, options))
          .apiKeys,
      revoke: (orgId: string, keyId: string, options?: CallOptions) =>
        send<Done>('DELETE', `${one(orgId)}/api-keys/${encodeURIComponent(keyId)}`, options),
    },
  }
}
