import type {
  Acceptance,
  ApprovedDevice,
  BodyOf,
  DeletionProof,
  DeviceLogin,
  Done,
  MfaRequired,
  PreferenceChange,
  Registration,
  ReplyOf,
  Session,
  SignedIn,
  StartedDeviceLogin,
} from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** Account operations that need no session: registration, e-mail confirmation, password reset and invitations. */
export function mailedLinksApi(send: Transport) {
  const post = <T>(path: string, body: object, options?: CallOptions) =>
    send<T>('POST', path, { ...options, body })
  return {
    /** The answer never says whether the address has an account. */
    register: (body: Registration, options?: CallOptions) => post<Done>('/auth/register', body, options),
    verifyEmail: (token: string, options?: CallOptions) =>
      post<Done>('/auth/verify-email', { token }, options),
    /** The answer never says whether the address has an account. */
    forgotPassword: (email: string, options?: CallOptions) =>
      post<Done>('/auth/forgot-password', { email }, options),
    /** Also ends every session of the user. */
    resetPassword: (token: string, password: string, options?: CallOptions) =>
      post<Done>('/auth/reset-password', { token, password }, options),
    acceptInvitation: (body: Acceptance, options?: CallOptions) =>
      post<SignedIn | MfaRequired>('/auth/invitations/accept', body, options),
  }
}

/** The signed-in user's own account. */
export function accountApi(send: Transport) {
  const account = '/dashboard/account'
  return {
    sendVerification: (options?: CallOptions) => send<Done>('POST', `${account}/send-verification`, options),
    /** Also ends every session of the user, including the current one. */
    changePassword: (currentPassword: string, newPassword: string, options?: CallOptions) =>
      send<Done>('POST', `${account}/change-password`, {
        ...options,
        body: { currentPassword, newPassword },
      }),
    /** The address changes only after the link mailed to the new address is confirmed. */
    changeEmail: (newEmail: string, password: string, options?: CallOptions) =>
      send<Done>('POST', `${account}/change-email`, { ...options, body: { newEmail, password } }),
    /** Omitted preferences stay as they are; `null` resets one to its default. */
    setPreferences: (change: PreferenceChange, options?: CallOptions) =>
      send<ReplyOf<'setPreferences'>>('PUT', `${account}/preferences`, { ...options, body: change }),
    requestDeletionCode: (options?: CallOptions) =>
      send<Done>('POST', `${account}/request-deletion-code`, options),
    delete: (proof: DeletionProof, options?: CallOptions) =>
      send<ReplyOf<'deleteAccount'>>('POST', `${account}/delete`, { ...options, body: proof }),
    cancelDeletion: (options?: CallOptions) => send<Done>('POST', `${account}/cancel-deletion`, options),
    /** Exports all data that the instance holds about the user. Needs a fresh sudo proof. */
    export: (options?: CallOptions) =>
      send<Readonly<Record<string, unknown>>>('GET', `${account}/export`, options),
  }
}

export function sessionsApi(send: Transport) {
  const sessions = '/dashboard/sessions'
  return {
    list: async (options?: CallOptions): Promise<readonly Session[]> =>
      (await send<ReplyOf<'listSessions'>>('GET', sessions, options)).sessions,
    end: (id: string, options?: CallOptions) =>
      send<Done>('DELETE', `${sessions}/${encodeURIComponent(id)}`, options),
    /** Ends every session of the user, including the current one. */
    endAll: (options?: CallOptions) => send<Done>('POST', '/auth/logout-all', options),
  }
}

/** Device log-in for devices without a browser (RFC 8628). `userCode` is the code that the device displays. */
export function devicesApi(send: Transport) {
  return {
    /** Called by the device itself, without a credential. */
    start: (body: BodyOf<'startDeviceLogin'>, options?: CallOptions) =>
      send<StartedDeviceLogin>('POST', '/auth/device/code', { ...options, body }),
    /** Rejects with `AUTHORIZATION_PENDING` until a user has approved the device; then returns the key, once. */
    collect: async (deviceCode: string, options?: CallOptions) =>
      (
        await send<ReplyOf<'collectDeviceKey'>>('POST', '/auth/device/token', {
          ...options,
          body: { deviceCode },
        })
      ).apiKey,
    /** Wrong codes are counted; after a few, further attempts are refused. */
    find: (userCode: string, options?: CallOptions) =>
      send<DeviceLogin>('GET', `/dashboard/device/${encodeURIComponent(userCode)}`, options),
    approve: (userCode: string, options?: CallOptions) =>
      send<ApprovedDevice>('POST', '/dashboard/device/approve', { ...options, body: { userCode } }),
    deny: (userCode: string, options?: CallOptions) =>
      send<Done>('POST', '/dashboard/device/deny', { ...options, body: { userCode } }),
  }
}
