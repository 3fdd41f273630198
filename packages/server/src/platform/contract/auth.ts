import { defineEndpoint, proof, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { assertion, requestOptions } from '../../service/passkeys.ts'
import { done } from '../../service/shapes.ts'
import {
  email,
  exactlyOne,
  mfaRequired,
  orgName,
  password,
  personName,
  recoveryCode,
  signedIn,
  token,
  totpCode,
} from './shapes.ts'

const limit = { name: 'auth', by: 'ip' } as const
const tag = 'auth'

export const setUpOwner = defineEndpoint({
  method: 'POST',
  path: '/auth/setup',
  id: 'setUpOwner',
  summary: 'Create the first owner and organisation with the one-time setup link',
  tag,
  access: { kind: 'public', because: 'The link is the proof, and nobody exists yet', limit },
  body: z.strictObject({ token, email, password, name: personName, orgName }).meta({ id: 'FirstOwner' }),
  reply: { status: 201, schema: signedIn },
  example: {
    body: {
      token: 'Zm91cnR5LXRocmVlIGNoYXJhY3RlcnMgb2YgYmFzZTY',
      email: 'mia@example.com',
      password: 'correct horse battery staple',
      name: 'Mia',
      orgName: 'Acme',
    },
  },
  problems: ['EXPIRED_TOKEN'],
  revealsSecret: true,
})

export const register = defineEndpoint({
  method: 'POST',
  path: '/auth/register',
  id: 'register',
  summary: 'Register an account; the reply does not disclose whether the address already has one',
  tag,
  access: { kind: 'public', because: 'People who register have no credential yet', limit },
  body: z
    .strictObject({ email, password, name: personName, orgName: orgName.optional() })
    .meta({ id: 'Registration' }),
  reply: { status: 202, schema: done },
  example: {
    body: {
      email: 'mia@example.com',
      password: 'correct horse battery staple',
      name: 'Mia',
      orgName: 'Acme',
    },
  },
  problems: ['REGISTRATION_CLOSED', 'EMAIL_NOT_CONFIGURED'],
})

export const verifyEmail = defineEndpoint({
  method: 'POST',
  path: '/auth/verify-email',
  id: 'verifyEmail',
  summary:
    'Verify an e-mail address with the token from the e-mail; for a new registration this creates the account',
  tag,
  access: { kind: 'public', because: 'The token is the proof', limit },
  body: z.strictObject({ token }),
  reply: { status: 200, schema: done },
  problems: ['EXPIRED_TOKEN'],
})

export const logIn = defineEndpoint({
  method: 'POST',
  path: '/auth/login',
  id: 'logIn',
  summary: 'Log in',
  description:
    'An unknown address and a wrong password get the same 401. If all organisations of the user require single sign-on, a log-in with the correct password is refused with `SINGLE_SIGN_ON_REQUIRED`. If the user has a second factor, the reply contains a token for POST /auth/mfa/verify instead of a session; it is valid for 5 minutes and 5 attempts.',
  tag,
  access: { kind: 'public', because: 'The password is the proof', limit },
  body: z.strictObject({ email, password }).meta({ id: 'Credentials' }),
  reply: { status: 200, schema: z.union([signedIn, mfaRequired]) },
  problems: ['UNAUTHORIZED', 'SINGLE_SIGN_ON_REQUIRED'],
  revealsSecret: true,
})

export const prepareMfa = defineEndpoint({
  method: 'POST',
  path: '/auth/mfa/options',
  id: 'prepareMfa',
  summary: 'Get the WebAuthn options for using a passkey as the second factor',
  tag,
  access: { kind: 'public', because: 'The token of the log-in is the proof', limit },
  body: z.strictObject({ mfaToken: token }),
  reply: { status: 200, schema: z.strictObject({ passkey: requestOptions }) },
  problems: ['UNAUTHORIZED', 'PASSKEYS_UNAVAILABLE'],
})

export const verifyMfa = defineEndpoint({
  method: 'POST',
  path: '/auth/mfa/verify',
  id: 'verifyMfa',
  summary: 'Finish a log-in with the second factor',
  description: 'An expired token and a wrong second factor get the same 401.',
  tag,
  access: { kind: 'public', because: 'The token of the log-in and the second factor are the proof', limit },
  body: z
    .strictObject({
      mfaToken: token,
      code: totpCode.optional(),
      recoveryCode: recoveryCode.optional(),
      passkey: assertion.optional(),
    })
    .refine(
      ({ code, recoveryCode: spare, passkey }) => exactlyOne({ code, spare, passkey }),
      'must hold exactly one of code, recoveryCode and passkey',
    )
    .meta({ id: 'MfaProof' }),
  reply: { status: 200, schema: signedIn },
  example: { body: { mfaToken: 'Zm91cnR5LXRocmVlIGNoYXJhY3RlcnMgb2YgYmFzZTY', code: '492039' } },
  problems: ['UNAUTHORIZED'],
  revealsSecret: true,
})

export const refresh = defineEndpoint({
  method: 'POST',
  path: '/auth/refresh',
  id: 'refreshSession',
  summary:
    'Exchange a refresh token for a new access token and refresh token; the used one becomes invalid immediately',
  description:
    'Send the token in the body, or in the cookie of a browser that logged in with `X-Gatehouse-Session: cookie`. With the cookie, the `Origin` header must be the origin of this server.',
  tag,
  access: { kind: 'public', because: 'The refresh token is the proof', limit: { name: 'refresh', by: 'ip' } },
  body: z.strictObject({ refreshToken: proof(text(1, 256)).optional() }),
  reply: {
    status: 200,
    schema: z.strictObject({ accessToken: z.string(), refreshToken: z.string().optional() }),
  },
  example: { body: { refreshToken: 'c2l4dHkgYnl0ZXMgdGhhdCBub2JvZHkgZWxzZSBrbm93cw' } },
  problems: ['UNAUTHORIZED', 'REFRESH_SUPERSEDED'],
  revealsSecret: true,
})

export const logOut = defineEndpoint({
  method: 'POST',
  path: '/auth/logout',
  id: 'logOut',
  summary: 'Log out: end the current session',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, schema: done },
  problems: [],
})

export const logOutEverywhere = defineEndpoint({
  method: 'POST',
  path: '/auth/logout-all',
  id: 'logOutEverywhere',
  summary: 'Log out everywhere: end all of your sessions, including the current one',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, schema: done },
  problems: [],
})

export const acceptInvitation = defineEndpoint({
  method: 'POST',
  path: '/auth/invitations/accept',
  id: 'acceptInvitation',
  summary: 'Join an organisation by invitation',
  description:
    'Send `name` to create a new account. Without `name`, or if the address already has an account, `password` must be the password of that account. If the account has a second factor, the reply is the same as that of POST /auth/login.',
  tag,
  access: { kind: 'public', because: 'The invitation is the proof', limit },
  body: z.strictObject({ token, email, password, name: personName.optional() }).meta({ id: 'Acceptance' }),
  reply: { status: 200, schema: z.union([signedIn, mfaRequired]) },
  problems: [
    'EXPIRED_TOKEN',
    'UNAUTHORIZED',
    'REGISTRATION_CLOSED',
    'ALREADY_MEMBER',
    'MAX_TEAMS_REACHED',
    'SINGLE_SIGN_ON_REQUIRED',
  ],
  revealsSecret: true,
})

export const authEndpoints = [
  setUpOwner,
  register,
  verifyEmail,
  logIn,
  prepareMfa,
  verifyMfa,
  refresh,
  logOut,
  logOutEverywhere,
  acceptInvitation,
]
