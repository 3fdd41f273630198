import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId } from '../../service/shapes.ts'
import { languages } from '../domain/language.ts'

const tag = 'disclosure'
const access = {
  kind: 'public',
  because: 'everybody may read what happened, and what was done against it',
  limit: { name: 'security-pages', by: 'ip' },
} as const
const page = { status: 200, mediaType: 'text/html; charset=utf-8', otherStatuses: [404] } as const

/** The language of the page. Default: what the browser asks for. */
const query = z.strictObject({ lang: z.enum(languages).optional() })

const listPublishedIncidents = defineEndpoint({
  method: 'GET',
  path: '/security/incidents',
  id: 'listPublishedIncidents',
  summary: 'Show the reports on security incidents, newest first',
  tag,
  access,
  query,
  reply: page,
  problems: [],
})

const readPublishedIncident = defineEndpoint({
  method: 'GET',
  path: '/security/incidents/{id}',
  id: 'readPublishedIncident',
  summary: 'Show the public report of a security incident',
  tag,
  access,
  params: byId,
  query,
  reply: page,
  problems: [],
})

export const securityPageEndpoints = [listPublishedIncidents, readPublishedIncident]
