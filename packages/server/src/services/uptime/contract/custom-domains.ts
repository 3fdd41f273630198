import { defineEndpoint, publicHostName } from '@gatehouse/kernel/endpoint'
import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'
import { byId, nothing } from '../../../service/shapes.ts'
import { doorsUnder } from '../../../service/two-doors.ts'
import { domainCharactersMax } from '../domain/custom-domain.ts'
import { serviceReply } from './service-shapes.ts'

const tag = 'status pages'
const writes = { kind: 'key', scope: 'services:write' } as const
const oneService = z.strictObject({ service: serviceReply })

const newCustomDomain = z
  .strictObject({ domain: publicHostName(domainCharactersMax) })
  .meta({ id: 'NewCustomDomain' })

export type NewCustomDomainBody = z.output<typeof newCustomDomain>

const setCustomDomain = defineEndpoint({
  method: 'POST',
  path: '/api/v1/services/{id}/custom-domain',
  id: 'setCustomDomain',
  summary: 'Give a status page a domain of your own',
  description:
    'The reply names the two DNS records to set. The page is served at the domain once they were verified. Another domain replaces the present one, which ends at once; the same one changes nothing.',
  tag,
  access: writes,
  params: byId,
  body: newCustomDomain,
  reply: { status: 200, schema: oneService },
  example: { body: { domain: 'status.example.com' } },
  problems: ['NOT_FOUND', 'CONFLICT', 'PLAN_REQUIRED', 'INVALID_CONFIG'],
})

const verifyCustomDomain = defineEndpoint({
  method: 'POST',
  path: '/api/v1/services/{id}/custom-domain/verify',
  id: 'verifyCustomDomain',
  summary: 'Look for the DNS records of the domain of a status page now',
  description:
    'With both records the domain is `active`, else `failed`; `found` says what the name servers answered. An active domain stays active where they do not answer.',
  tag,
  access: writes,
  params: byId,
  body: nothing,
  reply: { status: 200, schema: oneService },
  problems: ['NOT_FOUND', 'CONFLICT', 'PLAN_REQUIRED'],
})

const removeCustomDomain = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/services/{id}/custom-domain',
  id: 'removeCustomDomain',
  summary: 'Remove the domain of a status page, which is no longer served there',
  tag,
  access: writes,
  params: byId,
  reply: { status: 200, schema: oneService },
  problems: ['NOT_FOUND'],
})

/** Mails the owners that the records of a page's domain are missing, or that the page has left it. */
export const domainMissingMail = defineJob({
  name: 'uptime.tell-domain-missing',
  payload: z.strictObject({ orgId: z.string(), serviceId: z.string(), domain: z.string() }),
})

/** Keys that write pages, and owners: a domain is where customers look. */
export const customDomainEndpoints = [
  ...doorsUnder('/api/v1/', '/dashboard/', 'owner')(setCustomDomain, verifyCustomDomain, removeCustomDomain),
]
