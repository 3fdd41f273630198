import { defineEndpoint, emailDomain, proof, text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { issuerFaults } from '../domain/single-sign-on.ts'
import { policy } from '../policy.ts'
import { done, time } from '../../service/shapes.ts'
import { role } from './shapes.ts'

const tag = 'single sign-on'
const owner = { kind: 'session', role: 'owner' } as const
const ownerAnew = { ...owner, sudo: true } as const
const { domainsMax, groupsMax, clockSkewSeconds } = policy.sso

const groupRole = z.strictObject({ group: text(1, 200), role })

const provenDomain = z.strictObject({
  domain: z.string(),
  /** The domain in the form for people: in its own script where that is safe, else in Punycode. */
  shownDomain: z.string(),
  /** The TXT record that proves the domain. */
  record: z.strictObject({ name: z.string(), value: z.string() }),
  provenAt: time.nullable(),
  checkedAt: time.nullable(),
  /** Since when the record of a proven domain has been missing: until it is back, no new person can join through it. */
  missingSince: time.nullable(),
})

const settings = z.strictObject({
  issuer: z.string(),
  clientId: z.string(),
  domains: z.array(provenDomain),
  groupClaim: z.string().nullable(),
  roles: z.array(z.strictObject({ group: z.string(), role })),
  defaultRole: role.nullable(),
  require: z.boolean(),
  breakGlassUserId: z.string().nullable(),
  clockSkewSeconds: z.int(),
  createdAt: time,
  updatedAt: time,
})

/** The URLs to enter at the issuer. */
const addresses = { redirectUri: z.string(), backchannelLogoutUri: z.string() }

const singleSignOn = z.strictObject({ data: settings.nullable(), ...addresses }).meta({ id: 'SingleSignOn' })

export const getSingleSignOn = defineEndpoint({
  method: 'GET',
  path: '/dashboard/team/sso',
  id: 'getSingleSignOn',
  summary: 'Read the single sign-on configuration of the organisation',
  tag,
  access: owner,
  reply: { status: 200, schema: singleSignOn },
  problems: [],
})

export const setSingleSignOn = defineEndpoint({
  method: 'PUT',
  path: '/dashboard/team/sso',
  id: 'setSingleSignOn',
  summary: 'Configure single sign-on with your identity provider (OpenID Connect)',
  description:
    'The client secret is stored encrypted and never returned. Omit it to keep the current one; it is required if the issuer or the client id changes. A domain is used after its TXT record has been verified. With `require`, members can no longer log in with passwords, except the owner with the id `breakGlassUserId` (default: you).',
  tag,
  access: ownerAnew,
  body: z
    .strictObject({
      issuer: text(1, 500).meta({ examples: ['https://login.example.com'] }),
      clientId: text(1, 200),
      clientSecret: proof(text(1, 1_000)).optional(),
      domains: z
        .array(emailDomain)
        .max(domainsMax, `must name at most ${domainsMax} domains`)
        .transform((names) => [...new Set(names)]),
      groupClaim: text(1, 200).nullable().default(null),
      roles: z
        .array(groupRole)
        .max(groupsMax, `must name at most ${groupsMax} groups`)
        .refine(
          (roles) => new Set(roles.map(({ group }) => group)).size === roles.length,
          'must name each group once',
        )
        .default([]),
      defaultRole: role.nullable().default(null),
      require: z.boolean().default(false),
      breakGlassUserId: text(1, 64).nullable().default(null),
      clockSkewSeconds: wholeNumber(clockSkewSeconds.min, clockSkewSeconds.max).default(
        clockSkewSeconds.unset,
      ),
    })
    .meta({ id: 'SingleSignOnSettings' }),
  reply: { status: 200, schema: singleSignOn },
  example: {
    body: {
      issuer: 'https://login.example.com',
      clientId: 'gatehouse',
      clientSecret: 'the secret of the client',
      domains: ['example.com'],
      groupClaim: 'groups',
      roles: [{ group: 'platform-team', role: 'owner' }],
      defaultRole: 'viewer',
    },
  },
  problems: [],
})

export const deleteSingleSignOn = defineEndpoint({
  method: 'DELETE',
  path: '/dashboard/team/sso',
  id: 'deleteSingleSignOn',
  summary: 'Remove the single sign-on configuration; all sessions that it opened end within one second',
  tag,
  access: ownerAnew,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const checkSingleSignOn = defineEndpoint({
  method: 'POST',
  path: '/dashboard/team/sso/check',
  id: 'checkSingleSignOn',
  summary: 'Check the DNS records of the domains and the metadata of the identity provider now',
  description:
    'A domain whose TXT record was removed is no longer verified; if its name servers do not answer, it stays verified. `taken` means that the TXT record of another organisation still exists for the domain.',
  tag,
  access: ownerAnew,
  reply: {
    status: 200,
    schema: z
      .strictObject({
        domains: z.array(provenDomain.extend({ outcome: z.enum(['proven', 'missing', 'taken', 'unknown']) })),
        /** Null when the issuer answered correctly. */
        issuerFault: z.enum(issuerFaults).nullable(),
      })
      .meta({ id: 'SingleSignOnCheck' }),
  },
  problems: ['NOT_FOUND'],
})

export const singleSignOnEndpoints = [getSingleSignOn, setSingleSignOn, deleteSingleSignOn, checkSingleSignOn]
