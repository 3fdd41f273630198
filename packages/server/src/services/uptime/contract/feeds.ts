import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId, nothing } from '../../../service/shapes.ts'
import { twoDoors } from '../../../service/two-doors.ts'

const tag = 'status pages'
const writes = { kind: 'key', scope: 'services:write' } as const

const feeds = z
  .strictObject({
    key: z.string().nullable().meta({ description: 'Null until `rotateFeedKey` makes one' }),
    atom: z.string(),
    rss: z.string(),
    calendar: z.string(),
  })
  .meta({ id: 'ServiceFeeds' })
const oneFeeds = { status: 200, schema: z.strictObject({ feeds }) } as const

export type FeedsReply = z.input<typeof feeds>

export const getServiceFeeds = defineEndpoint({
  method: 'GET',
  path: '/api/v1/services/{id}/feeds',
  id: 'getServiceFeeds',
  summary: 'Read the addresses of the feeds of a status page',
  description:
    'Programs cannot enter the password of a page whose access is `password`, so the addresses of its feeds contain a key.',
  tag,
  // Requires write access, because whoever holds the addresses reads the page without its password.
  access: writes,
  params: byId,
  reply: oneFeeds,
  problems: ['NOT_FOUND'],
  revealsSecret: true,
})

export const rotateFeedKey = defineEndpoint({
  method: 'POST',
  path: '/api/v1/services/{id}/feed-key',
  id: 'rotateFeedKey',
  summary: 'Make or replace the key of the feeds of a status page; the old one stops working within a second',
  tag,
  access: writes,
  params: byId,
  body: nothing,
  reply: oneFeeds,
  problems: ['NOT_FOUND'],
  revealsSecret: true,
  secretMembers: ['key', 'atom', 'rss', 'calendar'],
})

export const feedEndpoints = [...twoDoors(getServiceFeeds, rotateFeedKey)]
