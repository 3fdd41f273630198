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

/** Accounts, organisations and administration. All calls except those under `/auth` need an access token. */
export function platformApi(send: Transport) {
  const keys = '/dashboard/api-keys'
  const factors = '/dashboard/account/factors'
  return {
    /** Yields which topics of the organisation have changed, so that a screen can fetch them again. */
    changes: (options?: EventOptions) => followEvents<LiveEvent>(send, '/dashboard/events', options),
    /** Creates the first account. Needs the token of the one-time set-up link. */
    setUp: (body: FirstOwner, options?: CallOptions) =>
      send<SignedIn>('POST', '/auth/setup', { ...options, body }),
    logIn: (body: Credentials, options?: CallOptions) =>
      send<SignedIn | MfaRequired>('POST', '/auth/login', { ...options, body }),
    mfa: {
      /** The options for `navigator.credentials.get`, to sign in with a passkey. */
      options: (mfaToken: string, options?: CallOptions) =>
        send<ReplyOf<'prepareMfa'>>('POST', '/auth/mfa/options', {
          ...options,
          body: { mfaToken },
        }),
      verify: (mfaToken: string, proof: MfaProof, options?: CallOptions) =>
        send<SignedIn>('POST', '/auth/mfa/verify', { ...options, body: { mfaToken, ...proof } }),
    },
    /** Sign-in through an organisation's identity provider. In a browser it starts at `GET /auth/sso/start`. */
    signOn: {
      /**
       * Links an existing account to the identity provider's user. Needs the account's password and the link token
       * with which the sign-in ended.
       */
      connect: (linkToken: string, password: string, options?: CallOptions) =>
        send<SignedIn | MfaRequired>('POST', '/auth/sso/connect', {
          ...options,
          body: { linkToken, password },
        }),
      /** Back-channel logout: sent by the identity provider to end the sessions that it opened. */
      endSessions: (logoutToken: string, options?: CallOptions) =>
        send<Done>('POST', '/auth/sso/backchannel-logout', {
          ...options,
          text: new URLSearchParams({ logout_token: logoutToken }).toString(),
        }),
    },
    /** Refresh tokens are single-use. Without an argument, the browser's cookie is used. */
    refresh: (refreshToken?: string, options?: CallOptions) =>
      send<TokenPair>('POST', '/auth/refresh', {
        ...options,
        body: refreshToken === undefined ? {} : { refreshToken },
      }),
    sudo: {
      options: (sendEmailCode = false, options?: CallOptions) =>
        send<SudoMethods>('POST', '/dashboard/sudo/options', { ...options, body: { sendEmailCode } }),
      /** Returns where to sign in again at the identity provider, and the ticket that then counts as a sudo proof. */
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
      /** The options for `navigator.credentials.create`. */
      passkeyOptions: async (options?: CallOptions) =>
        (await send<ReplyOf<'beginPasskey'>>('POST', `${factors}/passkeys/options`, options)).options,
      addPasskey: (name: string, passkey: PasskeyRegistration, options?: CallOptions) =>
        send<NewFactor>('POST', `${factors}/passkeys`, { ...options, body: { name, passkey } }),
      /** Returns ten new recovery codes; the previous ones become invalid. */
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
      /** The services that an API key can be created for, with their scopes. */
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
      /** The previous key stays valid for `overlapSeconds`: 0 to 86,400. */
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
    /** The security claims of the instance and their evidence. */
    posture: postureApi(send),
    admin: adminApi(send),
  }
}
