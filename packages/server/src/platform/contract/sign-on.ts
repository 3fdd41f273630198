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
  summary: 'Go to the sign-in server of your organisation',
  description:
    'A browser is sent on to the sign-in server of the domain of `email`, or, without one, of this instance. Whatever is not set up is answered in the same words, whoever asks and whether or not the address has an account.',
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
  summary: 'Come back from the sign-in server of your organisation',
  description:
    'The address to enter there as the redirect URI. It takes `code` and `state` once, from the browser that began, and answers with the cookie of a session that holds in that organisation alone.',
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
  summary: 'Connect your account with your organisation’s sign-in server, by its password, once',
  description:
    'For somebody whose address had an account before their sign-in server vouched for them. Every refusal is the same 401; with a second factor the reply is as that of POST /auth/login.',
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
  summary: 'Let a sign-in server end the sessions that it opened (OpenID Connect Back-Channel Logout 1.0)',
  description:
    'The body is a form with `logout_token`. The address to enter at the sign-in server as the back-channel log-out URI.',
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
  summary: 'Prove who you are once more at your organisation’s sign-in server',
  description:
    'Open `url` in the browser that asked. Once you have signed in there anew, the ticket is worth a proof, once: send it to POST /dashboard/sudo/verify as `issuerTicket`.',
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
