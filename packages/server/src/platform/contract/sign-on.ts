import { defineEndpoint, emailAddress } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { done, time } from '../../service/shapes.ts'
import { mfaRequired, password, signedIn, token } from './shapes.ts'

const tag = 'single sign-on'
const auth = { name: 'auth', by: 'ip' } as const
/** A page that explains why the sign-on cannot continue, with the closest HTTP status. */
const page = {
  status: 303,
  mediaType: 'text/html; charset=utf-8',
  otherStatuses: [400, 403, 404, 409, 502, 504],
} as const

export const startSingleSignOn = defineEndpoint({
  method: 'GET',
  path: '/auth/sso/start',
  id: 'startSingleSignOn',
  summary: 'Start single sign-on at the identity provider of your organisation',
  description:
    'Redirects the browser to the identity provider of the domain of `email`, or to that of the instance if `email` is omitted. If none is configured, the reply is always the same; it does not disclose whether the address has an account.',
  tag,
  access: { kind: 'public', because: 'People who come this way have no credential yet', limit: auth },
  query: z.strictObject({
    email: emailAddress.transform((address) => address.toLowerCase()).optional(),
  }),
  reply: page,
  example: { query: { email: 'mia@example.com' } },
  problems: [],
})

/** Issuers add parameters of their own to the query, so the use case parses it. */
export const finishSingleSignOn = defineEndpoint({
  method: 'GET',
  path: '/auth/sso/callback',
  id: 'finishSingleSignOn',
  summary: 'Complete single sign-on (OpenID Connect redirect URI)',
  description:
    'Register the URL of this operation at the identity provider as the redirect URI. It accepts `code` and `state` once, only from the browser that started the log-in, and sets the cookie of a session that is valid in that organisation only.',
  tag,
  access: {
    kind: 'public',
    because: 'The code of the issuer and the cookie of the browser are the proof',
    limit: { name: 'sso-callback', by: 'ip' },
  },
  reply: page,
  problems: [],
})

export const connectAccount = defineEndpoint({
  method: 'POST',
  path: '/auth/sso/connect',
  id: 'connectAccount',
  summary: 'Link your account to the identity provider of your organisation by confirming your password once',
  description:
    'Required if your e-mail address had an account before your first single sign-on. All refusals get the same 401. If the account has a second factor, the reply is the same as that of POST /auth/login.',
  tag,
  access: { kind: 'public', because: 'The token of the sign-in and the password are the proof', limit: auth },
  body: z.strictObject({ linkToken: token, password }).meta({ id: 'Connection' }),
  reply: { status: 200, schema: z.union([signedIn, mfaRequired]) },
  problems: ['UNAUTHORIZED', 'ALREADY_CONNECTED'],
  revealsSecret: true,
})

/** A form (RFC 6749 appendix B) with `logout_token`; read as text, since all other bodies are JSON. */
export const endSessionsByIssuer = defineEndpoint({
  method: 'POST',
  path: '/auth/sso/backchannel-logout',
  id: 'endSessionsByIssuer',
  summary:
    'End sessions on request of the identity provider that opened them (OpenID Connect Back-Channel Logout 1.0)',
  description:
    'The body is a form with `logout_token`. Register the URL of this operation at the identity provider as the back-channel logout URI.',
  tag,
  access: {
    kind: 'public',
    because: 'The token is signed by the issuer',
    limit: { name: 'sso-logout', by: 'ip' },
  },
  textBody: true,
  bodyBytesMax: 16_384,
  reply: { status: 200, schema: done },
  problems: [],
})

export const proveByIssuer = defineEndpoint({
  method: 'POST',
  path: '/dashboard/sudo/issuer',
  id: 'proveByIssuer',
  summary: 'Start re-authentication at the identity provider of your organisation',
  description:
    'Open `url` in the same browser. After you have signed in there again, send the ticket to POST /dashboard/sudo/verify as `issuerTicket`; it can be used once.',
  tag,
  access: { kind: 'session', role: 'viewer' },
  reply: {
    status: 200,
    schema: z
      .strictObject({ url: z.string(), ticket: z.string(), expiresAt: time })
      .meta({ id: 'IssuerTicket' }),
  },
  problems: ['PROOF_REFUSED', 'ISSUER_UNAVAILABLE'],
  revealsSecret: true,
  secretMembers: ['ticket'],
})

export const signOnEndpoints = [
  startSingleSignOn,
  finishSingleSignOn,
  connectAccount,
  endSessionsByIssuer,
  proveByIssuer,
]
