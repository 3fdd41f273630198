import { postureRunsApi } from './posture-api.ts'
import type {
  AdministeredOrg,
  AdministeredOrgFilter,
  ApiKey,
  Done,
  QueryOf,
  ReplyOf,
  ResetLink,
} from './schemas.ts'
import { disclosureCasesApi, securityIncidentsApi } from './security-api.ts'
import type { CallOptions, Transport } from './transport.ts'

type Held = ReplyOf<'adminSuspendOrg'>

/** Administration of the whole instance. Callers who are not instance administrators get 404. */
export function adminApi(send: Transport) {
  const orgs = '/admin/orgs'
  const one = (id: string) => `${orgs}/${encodeURIComponent(id)}`
  return {
    orgs: {
      list: (query: AdministeredOrgFilter = {}, options?: CallOptions) =>
        send<ReplyOf<'adminListOrgs'>>('GET', orgs, { ...options, query }),
      get: async (id: string, options?: CallOptions) =>
        (await send<ReplyOf<'adminGetOrg'>>('GET', one(id), options)).org,
      suspend: async (id: string, reason: string, options?: CallOptions): Promise<AdministeredOrg> =>
        (await send<Held>('POST', `${one(id)}/suspend`, { ...options, body: { reason } })).org,
      restore: async (id: string, options?: CallOptions): Promise<AdministeredOrg> =>
        (await send<Held>('POST', `${one(id)}/restore`, options)).org,
    },
    apiKeys: {
      list: async (orgId: string, options?: CallOptions): Promise<readonly ApiKey[]> =>
        (await send<ReplyOf<'adminListApiKeys'>>('GET', `${one(orgId)}/api-keys`, options)).apiKeys,
      revoke: (orgId: string, keyId: string, options?: CallOptions) =>
        send<Done>('DELETE', `${one(orgId)}/api-keys/${encodeURIComponent(keyId)}`, options),
    },
    /**
     * Creates a link with which the user sets a new password, for instances that send no mail: hand it over yourself.
     */
    createResetLink: async (email: string, options?: CallOptions): Promise<ResetLink> =>
      (
        await send<ReplyOf<'adminCreateResetLink'>>('POST', '/admin/reset-links', {
          ...options,
          body: { email },
        })
      ).data,
    securityIncidents: securityIncidentsApi(send),
    disclosureCases: disclosureCasesApi(send),
    postureRuns: postureRunsApi(send),
    refusals: {
      /** Refused credentials across all organisations, newest first, with the real reason for each refusal. */
      list: (query: QueryOf<'adminListRefusals'> = {}, options?: CallOptions) =>
        send<ReplyOf<'adminListRefusals'>>('GET', '/admin/refusals', { ...options, query }),
    },
  }
}
