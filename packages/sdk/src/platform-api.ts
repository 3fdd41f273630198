import type {
  ApiKey,
  ApiKeyChange,
  Credentials,
  Done,
  FirstOwner,
  IssuerTicket,
  Me,
  MfaProof,
  MfaRequired,
  NewApiKey,
  NewFactor,
  PasskeyRegistration,
  ReplyOf,
  RevealedApiKey,
  SignedIn,
  SudoMethods,
  SudoProof,
  SudoToken,
  TokenPair,
} from './schemas.ts'
import { accountApi, devicesApi, mailedLinksApi, sessionsApi } from './account-api.ts'
import { adminApi } from './admin.ts'
import { auditApi } from './audit.ts'
import { type EventOptions, followEvents, type LiveEvent } from './live-events.ts'
import { postureApi } from './posture-api.ts'
import { securityNoticesApi } from './security-api.ts'
import { teamsApi } from './teams.ts'
import type { CallOptions, Transport } from './transport.ts'
import { usageApi } from './usage.ts'
import { webhooksApi } from './webhooks.ts'

export type PlatformApi = ReturnType<typeof platformApi>

/** For people: all but those under `/auth` need an access token. */
export function platformApi(send: Transport) {
  const keys = '/dashboard/api-keys'
  const factors = '/dashboard/account/factors'
  return {
    /** Says which parts of the organisation are different now, for screens that ask again. */
    changes: (options?: EventOptions) => followEvents<LiveEvent>(send, '/dashboard/events', options),
    /** Makes the first account with the token of the one-time link. */
    setUp: (body: FirstOwner, options?: CallOptions) =>
      send<SignedIn>('POST', '/auth/setup', { ...options, body }),
    logIn: (body: Credentials, options?: CallOptions) =>
      send<SignedIn | MfaRequired>('POST', '/auth/login', { ...options, body }),
    mfa: {
      /** What `navigator.credentials.get` needs to use a passkey. */
      options: (mfaToken: string, options?: CallOptions) =>
        send<ReplyOf<'prepareMfa'>>('POST', '/auth/mfa/options', {
          ...options,
          body: { mfaToken },
        }),
      verify: (mfaToken: string, proof: MfaProof, options?: CallOptions) =>
        send<SignedIn>('POST', '/auth/mfa/verify', { ...options, body: { mfaToken, ...proof } }),
    },
    /** Through the sign-in server of an organisation; a browser begins at `GET /auth/sso/start`. */
    signOn: {
      /** Connects an account that was there before, by its password, with the token that the sign-in ended in. */
      connect: (linkToken: string, password: string, options?: CallOptions) =>
        send<SignedIn | MfaRequired>('POST', '/auth/sso/connect', {
          ...options,
          body: { linkToken, password },
        }),
      /** What a sign-in server sends to end the sessions that it opened. */
      endSessions: (logoutToken: string, options?: CallOptions) =>
        send<Done>('POST', '/auth/sso/backchannel-logout', {
          ...options,
          text: new URLSearchParams({ logout_token: logoutToken }).toString(),
        }),
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
      /** Where to sign in once more, and the ticket that is worth a proof afterwards. */
      byIssuer: (options?: CallOptions) => send<IssuerTicket>('POST', '/dashboard/sudo/issuer', options),
      verify: (proof: SudoProof, options?: CallOptions) =>
        send<SudoToken>('POST', '/dashboard/sudo/verify', { ...options, body: proof }),
    },
    factors: {
      list: (options?: CallOptions) => send<ReplyOf<'listFactors'>>('GET', factors, options),
      enrolTotp: (options?: CallOptions) => send<ReplyOf<'enrolTotp'>>('POST', `${factors}/totp`, options),
      confirmTotp: (id: string, code: string, options?: CallOptions) =>
        send<NewFactor>('POST', `${factors}/totp/${encodeURIComponent(id)}/confirm`, {
          ...options,
          body: { code },
        }),
      /** What `navigator.credentials.create` needs. */
      passkeyOptions: async (options?: CallOptions) =>
        (await send<ReplyOf<'beginPasskey'>>('POST', `${factors}/passkeys/options`, options)).options,
      addPasskey: (name: string, passkey: PasskeyRegistration, options?: CallOptions) =>
        send<NewFactor>('POST', `${factors}/passkeys`, { ...options, body: { name, passkey } }),
      /** Ten new ones; those of before work no more. */
      renewRecoveryCodes: async (options?: CallOptions) =>
        (await send<ReplyOf<'renewRecoveryCodes'>>('POST', `${factors}/recovery-codes`, options))
          .recoveryCodes,
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
      /** What keys can be made for, and what they can be allowed. */
      services: async (options?: CallOptions) =>
        (await send<ReplyOf<'listKeyServices'>>('GET', `${keys}/services`, options)).services,
      list: async (options?: CallOptions) =>
        (await send<ReplyOf<'listApiKeys'>>('GET', keys, options)).apiKeys,
      create: async (body: NewApiKey, options?: CallOptions): Promise<RevealedApiKey> =>
        (await send<ReplyOf<'createApiKey'>>('POST', keys, { ...options, body })).apiKey,
      update: async (id: string, body: ApiKeyChange, options?: CallOptions): Promise<ApiKey> =>
        (
          await send<ReplyOf<'updateApiKey'>>('PUT', `${keys}/${encodeURIComponent(id)}`, {
            ...options,
            body,
          })
        ).apiKey,
      /** The key of before works for `overlapSeconds` longer, at most a day. */
      rotate: async (id: string, overlapSeconds = 0, options?: CallOptions) =>
        (
          await send<ReplyOf<'createApiKey'>>('POST', `${keys}/${encodeURIComponent(id)}/rotate`, {
            ...options,
            body: { overlapSeconds },
          })
        ).apiKey,
      revoke: (id: string, options?: CallOptions) =>
        send<Done>('DELETE', `${keys}/${encodeURIComponent(id)}`, options),
    },
    teams: teamsApi(send),
    webhooks: webhooksApi(send),
    audit: auditApi(send),
    usage: usageApi(send),
    securityNotices: securityNoticesApi(send),
    /** What the instance claims of its security. */
    posture: postureApi(send),
    admin: adminApi(send),
  }
}
