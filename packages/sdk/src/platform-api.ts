import type {
  Credentials,
  Factor,
  FirstOwner,
  Me,
  MfaProof,
  MfaRequired,
  NewFactor,
  PasskeyJson,
  SignedIn,
  SudoMethods,
  SudoProof,
  SudoToken,
  TokenPair,
} from './account.ts'
import { accountApi, devicesApi, mailedLinksApi, sessionsApi } from './account-api.ts'
import { adminApi } from './admin.ts'
import type { ApiKey, ApiKeyChange, NewApiKey, RevealedApiKey } from './api-key.ts'
import { auditApi } from './audit.ts'
import { teamsApi } from './teams.ts'
import type { CallOptions, Transport } from './transport.ts'
import { usageApi } from './usage.ts'
import { webhooksApi } from './webhooks.ts'

type Done = { readonly ok: true }
export type PlatformApi = ReturnType<typeof platformApi>

/** For people: all but those under `/auth` need an access token. */
export function platformApi(send: Transport) {
  const keys = '/dashboard/api-keys'
  const factors = '/dashboard/account/factors'
  return {
    /** Makes the first account with the token of the one-time link. */
    setUp: (body: FirstOwner, options?: CallOptions) =>
      send<SignedIn>('POST', '/auth/setup', { ...options, body }),
    logIn: (body: Credentials, options?: CallOptions) =>
      send<SignedIn | MfaRequired>('POST', '/auth/login', { ...options, body }),
    mfa: {
      /** What `navigator.credentials.get` needs to use a passkey. */
      options: (mfaToken: string, options?: CallOptions) =>
        send<{ readonly passkey: object }>('POST', '/auth/mfa/options', {
          ...options,
          body: { mfaToken },
        }),
      verify: (mfaToken: string, proof: MfaProof, options?: CallOptions) =>
        send<SignedIn>('POST', '/auth/mfa/verify', { ...options, body: { mfaToken, ...proof } }),
    },
    /** The refresh token that was used is dead from then on; without one, a browser's cookie is. */
    refresh: (refreshToken?: string, options?: CallOptions) =>
      send<TokenPair>('POST', '/auth/refresh', {
        ...options,
        body: refreshToken === undefined ? {} : { refreshToken },
      }),
    sudo: {
      options: (sendEmailCode = false, options?: CallOptions) =>
        send<SudoMethods>('POST', '/dashboard/sudo/options', { ...options, body: { sendEmailCode } }),
      verify: (proof: SudoProof, options?: CallOptions) =>
        send<SudoToken>('POST', '/dashboard/sudo/verify', { ...options, body: proof }),
    },
    factors: {
      list: (options?: CallOptions) =>
        send<{ readonly factors: readonly Factor[]; readonly recoveryCodesLeft: number }>(
          'GET',
          factors,
          options,
        ),
      enrolTotp: (options?: CallOptions) =>
        send<{ readonly id: string; readonly secret: string; readonly otpauthUri: string }>(
          'POST',
          `${factors}/totp`,
          options,
        ),
      confirmTotp: (id: string, code: string, options?: CallOptions) =>
        send<NewFactor>('POST', `${factors}/totp/${encodeURIComponent(id)}/confirm`, {
          ...options,
          body: { code },
        }),
      /** What `navigator.credentials.create` needs. */
      passkeyOptions: async (options?: CallOptions) =>
        (await send<{ readonly options: object }>('POST', `${factors}/passkeys/options`, options)).options,
      addPasskey: (name: string, passkey: PasskeyJson, options?: CallOptions) =>
        send<NewFactor>('POST', `${factors}/passkeys`, { ...options, body: { name, passkey } }),
      /** Ten new ones; those of before work no more. */
      renewRecoveryCodes: async (options?: CallOptions) =>
        (
          await send<{ readonly recoveryCodes: readonly string[] }>(
            'POST',
            `${factors}/recovery-codes`,
            options,
          )
        ).recoveryCodes,
      delete: (id: string, options?: CallOptions) =>
        send<Done>('DELETE', `${factors}/${encodeURIComponent(id)}`, options),
    },
    logOut: (options?: CallOptions) => send<Done>('POST', '/auth/logout', options),
    ...mailedLinksApi(send),
    account: accountApi(send),
    sessions: sessionsApi(send),
    devices: devicesApi(send),
    me: (options?: CallOptions) => send<Me>('GET', '/dashboard/me', options),
    apiKeys: {
      list: async (options?: CallOptions) =>
        (await send<{ readonly apiKeys: readonly ApiKey[] }>('GET', keys, options)).apiKeys,
      create: async (body: NewApiKey, options?: CallOptions) =>
        (await send<{ readonly apiKey: RevealedApiKey }>('POST', keys, { ...options, body })).apiKey,
      update: async (id: string, body: ApiKeyChange, options?: CallOptions) =>
        (
          await send<{ readonly apiKey: ApiKey }>('PUT', `${keys}/${encodeURIComponent(id)}`, {
            ...options,
            body,
          })
        ).apiKey,
      /** The key of before works for `overlapSeconds` longer, at most a day. */
      rotate: async (id: string, overlapSeconds = 0, options?: CallOptions) =>
        (
          await send<{ readonly apiKey: RevealedApiKey }>(
            'POST',
            `${keys}/${encodeURIComponent(id)}/rotate`,
            { ...options, body: { overlapSeconds } },
          )
        ).apiKey,
      revoke: (id: string, options?: CallOptions) =>
        send<Done>('DELETE', `${keys}/${encodeURIComponent(id)}`, options),
    },
    teams: teamsApi(send),
    webhooks: webhooksApi(send),
    audit: auditApi(send),
    usage: usageApi(send),
    admin: adminApi(send),
  }
}
