import type { ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'
import { customPresetsApi, ownEventsApi } from './volatility-own-api.ts'

/** What members reach in their own session, with the `accessToken` of one. No key changes what another may see. */
export function volatilityMemberApi(transport: Transport) {
  const root = '/dashboard/volatility'
  const ceiling = (keyId: string): string => `${root}/api-keys/${encodeURIComponent(keyId)}/ceiling`
  return {
    ...ownEventsApi(transport, root),
    presets: customPresetsApi(transport, root),
    /** Which symbols a key may choose among; none listed means all. */
    getKeyCeiling: (keyId: string, options?: CallOptions) =>
      transport<ReplyOf<'getKeyCeiling'>>('GET', ceiling(keyId), options),
    /** Holds for the successors of the key too. For owners who have proven themselves anew. */
    setKeyCeiling: (keyId: string, symbols: readonly string[], options?: CallOptions) =>
      transport<ReplyOf<'setKeyCeiling'>>('PUT', ceiling(keyId), { ...options, body: { symbols } }),
    billing: (options?: CallOptions) =>
      transport<ReplyOf<'dashboardGetMyBilling'>>('GET', `${root}/me/billing`, options),
    /** Where to go on to pay. For owners who have proven themselves anew. */
    startCheckout: (plan: 'pro' | 'desk', options?: CallOptions) =>
      transport<ReplyOf<'dashboardStartCheckout'>>('POST', `${root}/me/billing/checkout`, {
        ...options,
        body: { plan },
      }),
    /** Where to go on to change how it is paid, or to end it. For owners who have proven themselves anew. */
    openBillingPortal: (options?: CallOptions) =>
      transport<ReplyOf<'dashboardOpenBillingPortal'>>('POST', `${root}/me/billing/portal`, options),
  }
}
