import type { Credentials, FirstOwner, Me, SignedIn, TokenPair } from './account.ts'
import type { ApiKey, NewApiKey, RevealedApiKey } from './api-key.ts'
import type { CallOptions, Transport } from './transport.ts'

type Done = { readonly ok: true }
export type PlatformApi = ReturnType<typeof platformApi>

/** For people: all but the first three need an access token. */
export function platformApi(send: Transport) {
  const keys = '/dashboard/api-keys'
  return {
    /** Makes the first account with the token of the one-time link. */
    setUp: (body: FirstOwner, options?: CallOptions) =>
      send<SignedIn>('POST', '/auth/setup', { ...options, body }),
    logIn: (body: Credentials, options?: CallOptions) =>
      send<SignedIn>('POST', '/auth/login', { ...options, body }),
    /** The refresh token that was used is dead from then on. */
    refresh: (refreshToken: string, options?: CallOptions) =>
      send<TokenPair>('POST', '/auth/refresh', { ...options, body: { refreshToken } }),
    logOut: (options?: CallOptions) => send<Done>('POST', '/auth/logout', options),
    me: (options?: CallOptions) => send<Me>('GET', '/dashboard/me', options),
    apiKeys: {
      list: async (options?: CallOptions) =>
        (await send<{ readonly apiKeys: readonly ApiKey[] }>('GET', keys, options)).apiKeys,
      create: async (body: NewApiKey, options?: CallOptions) =>
        (await send<{ readonly apiKey: RevealedApiKey }>('POST', keys, { ...options, body })).apiKey,
      revoke: (id: string, options?: CallOptions) =>
        send<Done>('DELETE', `${keys}/${encodeURIComponent(id)}`, options),
    },
  }
}
