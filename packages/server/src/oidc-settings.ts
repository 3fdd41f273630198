import type { Settings } from '@gatehouse/kernel/config'
import { emailAddress, parseEmail } from '@gatehouse/kernel/endpoint'
import { Secret } from '@gatehouse/kernel/secrets'
import { z } from 'zod'
import { list, url } from './setting-shapes.ts'

function isDomain(text: string): boolean {
  return parseEmail(`a@${text}`).accepted
}

/** A control character in a setting is a mistake. */
const plainText = z.string().regex(/^[^\p{Cc}]+$/u)

const groupRole = /^(.{1,200})=(owner|member|viewer)$/

function isGroupRole(text: string): boolean {
  return groupRole.test(text)
}

function toGroupRole(text: string) {
  const [, group = '', role] = groupRole.exec(text) ?? []
  // Safe: the pattern allows no other role, and each entry was matched against it.
  return { group, role: role as 'owner' | 'member' | 'viewer' }
}

/** The settings of the issuer for the whole instance (platform.md, Single sign-on). */
export const oidcSettings = {
  oidcIssuer: {
    variable: 'GATEHOUSE_OIDC_ISSUER',
    schema: url('https:', 'http:')
      .refine((text) => !/[?#@]/.test(text))
      .optional(),
    about:
      'An OpenID Connect issuer through which the people of this instance sign in; an organisation can have one of its own instead',
    shape:
      'a URL that starts with https://, or with http:// and an address that GATEHOUSE_EGRESS_ALLOW opens',
    example: 'https://login.example.com',
    unset: 'none',
  },
  oidcClientId: {
    variable: 'GATEHOUSE_OIDC_CLIENT_ID',
    schema: plainText.optional(),
    about: 'The client that this server is at that issuer',
    shape: 'the id of a client',
    example: 'gatehouse',
    unset: 'none, and required with an issuer',
  },
  oidcClientSecret: {
    variable: 'GATEHOUSE_OIDC_CLIENT_SECRET',
    schema: plainText.transform((text) => new Secret(text)).optional(),
    about: 'The secret of that client',
    shape: 'the secret of a client',
    example: 'a secret of the issuer',
    unset: 'none, and required with an issuer',
  },
  oidcDomains: {
    variable: 'GATEHOUSE_OIDC_DOMAINS',
    schema: list(isDomain)
      .transform((domains) => domains.map((domain) => domain.toLowerCase()))
      .default([]),
    about: 'The domains of the e-mail addresses that the issuer may vouch for',
    shape: 'domains separated by commas',
    example: 'example.com,example.org',
    unset: 'none, and required with an issuer',
  },
  oidcOrg: {
    variable: 'GATEHOUSE_OIDC_ORG',
    schema: plainText.optional(),
    about: 'Whose people come through the issuer, where the instance has several organisations',
    shape: 'the slug of an organisation',
    example: 'acme',
    unset: 'the only organisation; with several of them nobody',
  },
  oidcGroupClaim: {
    variable: 'GATEHOUSE_OIDC_GROUP_CLAIM',
    schema: plainText.max(200).optional(),
    about: 'The claim that lists a person’s groups',
    shape: 'the name of a claim, or a path to it with dots',
    example: 'groups',
    unset: 'groups are not looked at',
  },
  oidcRoles: {
    variable: 'GATEHOUSE_OIDC_ROLES',
    schema: list(isGroupRole)
      .transform((entries) => entries.map(toGroupRole))
      .default([]),
    about: 'Which role each group gives: owner, member or viewer',
    shape: 'GROUP=ROLE separated by commas',
    example: 'platform-team=owner,engineers=member',
    unset: 'none',
  },
  oidcDefaultRole: {
    variable: 'GATEHOUSE_OIDC_DEFAULT_ROLE',
    schema: z.enum(['owner', 'member', 'viewer']).optional(),
    about: 'The role of people whom no group gives one',
    shape: 'owner, member or viewer',
    example: 'viewer',
    unset: 'they do not come in',
  },
  oidcRequireExcept: {
    variable: 'GATEHOUSE_OIDC_REQUIRE_EXCEPT',
    schema: emailAddress.optional(),
    about:
      'Makes the issuer the only way in: passwords open nothing in GATEHOUSE_OIDC_ORG but that of this owner, for the day on which the issuer cannot be reached',
    shape: 'the e-mail address of an owner who has a password',
    example: 'owner@example.com',
    unset: 'passwords are as good as the issuer',
  },
} as const satisfies Settings
