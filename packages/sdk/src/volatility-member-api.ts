import type { ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'
import { customPresetsApi, ownEventsApi } from './volatility-own-api.ts'

/** For signed-in members; needs an `accessToken`. A key cannot change what another key may see. */
export function volatilityMemberApi(transport: Transport) {
  const root = '/dashboard/volatility'
  const ceiling = (keyId: string): string => `${root}/api-keys/${encodeURIComponent(keyId)}/ceiling`
  return {
    ...ownEventsApi(transport, root),
    presets: customPresetsApi(transport, root),
    /** The symbols that a key is limited to; an empty list means all. */
    getKeyCeiling: (keyId: string, options?: CallOptions) =>
      transport<ReplyOf<'getKeyCeiling'>>('GET', ceiling(keyId), options),
    /** Also applies to keys that replace this one by rotation. For owners, with a recent sudo proof. */
    setKeyCeiling: (keyId: string, symbols: readonly string[], options?: CallOptions) =>
      transport<ReplyOf<'setKeyCeiling'>>('PUT', ceiling(keyId), { ...options, body: { symbols } }),
    billing: (options?: CallOptions) =>
      transport<ReplyOf<'dashboardGetMyBilling'>>('GET', `${root}/me/billing`, options),
    /** Returns the URL of the payment page. For owners, with a recent sudo proof. */
    startCheckout: (plan: 'pro' | 'desk', options?: CallOptions) =>
      transport<ReplyOf<'dashboardStartCheckout'>>('POST', `${root}/me/billing/checkout`, {
        ...options,
        body: { plan },
      }),
    /**
     * Returns the URL of the page for changing the payment details or cancelling the plan. For owners, with a recent
     * sudo proof.
     */
    openBillingPortal: (options?: CallOptions) =>
      transport<ReplyOf<'dashboardOpenBillingPortal'>>('POST', `${root}/me/billing/portal`, options),
  }
}
