import { defineEndpoint, proof, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { uptimePolicy as policy } from '../policy.ts'

const tag = 'public'

const byPage = {
  kind: 'public',
  because: 'it is the face that customers read',
  limit: { name: 'page', by: 'ip' },
} as const
const byToken = {
  kind: 'public',
  because: 'the token in the path is the credential of one job',
  limit: { name: 'ping', by: { param: 'token' } },
} as const

export const slug = text(1, 63)
export const pageQuery = z.object({ lang: z.enum(['en', 'ja']).optional().catch(undefined) })

const visit = z.object({ ...pageQuery.shape, view: proof(text(1, 100)).optional() })

const readStatusPage = defineEndpoint({
  method: 'GET',
  path: '/status/{slug}',
  id: 'readStatusPage',
  summary: 'Read a status page',
  tag,
  access: byPage,
  params: z.strictObject({ slug }),
  query: visit,
  reply: { status: 200, mediaType: 'text/html; charset=utf-8', otherStatuses: [303, 304, 403, 404] },
  problems: [],
})

/** Receives an HTML form of a page without scripts, so the body is not JSON. */
const unlockStatusPage = defineEndpoint({
  method: 'POST',
  path: '/status/{slug}',
  id: 'unlockStatusPage',
  summary: 'Submit the password of a status page; redirects to the page',
  tag,
  access: { ...byPage, limit: { name: 'pagePassword', by: 'ip' } },
  params: z.strictObject({ slug }),
  query: pageQuery,
  textBody: true,
  bodyBytesMax: 4_096,
  reply: { status: 303, mediaType: 'text/html; charset=utf-8', otherStatuses: [403, 404] },
  problems: [],
})

const readStatusBadge = defineEndpoint({
  method: 'GET',
  path: '/status/{slug}/badge.svg',
  id: 'readStatusBadge',
  summary: 'Read the badge of a status page',
  tag,
  access: byPage,
  params: z.strictObject({ slug }),
  query: z.object({ component: text(1, 100).optional(), label: text(1, 40).optional() }),
  reply: { status: 200, mediaType: 'image/svg+xml; charset=utf-8' },
  problems: ['NOT_FOUND'],
})

const feedQuery = z.object({
  ...pageQuery.shape,
  key: proof(text(1, 100))
    .optional()
    .meta({ description: 'The key of the feeds, for a page with a password' }),
})

const attachment = {
  method: 'GET',
  tag,
  access: byPage,
  params: z.strictObject({ slug }),
  query: pageQuery,
  problems: ['NOT_FOUND'],
} as const

const readStatusFeed = defineEndpoint({
  ...attachment,
  path: '/status/{slug}/history.atom',
  id: 'readStatusFeed',
  summary: 'Read the incidents of a status page as an Atom feed',
  query: feedQuery,
  reply: { status: 200, mediaType: 'application/atom+xml; charset=utf-8', otherStatuses: [304] },
})

const readStatusRss = defineEndpoint({
  ...attachment,
  path: '/status/{slug}/history.rss',
  id: 'readStatusRss',
  summary: 'Read the incidents of a status page as an RSS feed',
  query: feedQuery,
  reply: { status: 200, mediaType: 'application/rss+xml; charset=utf-8', otherStatuses: [304] },
})

const readStatusCalendar = defineEndpoint({
  ...attachment,
  path: '/status/{slug}/calendar.ics',
  id: 'readStatusCalendar',
  summary: 'Read the maintenance of a status page as a calendar (iCalendar)',
  query: feedQuery,
  reply: { status: 200, mediaType: 'text/calendar; charset=utf-8', otherStatuses: [304] },
})

const statuspageNote =
  'In the shape of the public API of Atlassian Statuspage, for its clients: `summary.json`, `status.json`, `components.json`, `incidents.json`, `incidents/unresolved.json`, `scheduled-maintenances.json`, and `upcoming.json` and `active.json` below the latter.'

const readStatusFile = defineEndpoint({
  ...attachment,
  path: '/status/{slug}/api/v2/{file}',
  id: 'readStatusFile',
  summary: 'Read a status page as JSON',
  description: statuspageNote,
  params: z.strictObject({ slug, file: text(1, 100) }),
  reply: { status: 200, mediaType: 'application/json; charset=utf-8', otherStatuses: [304] },
})

const readStatusList = defineEndpoint({
  ...attachment,
  path: '/status/{slug}/api/v2/{list}/{file}',
  id: 'readStatusList',
  summary: 'Read the unresolved incidents or the maintenance of a status page as JSON',
  description: statuspageNote,
  params: z.strictObject({ slug, list: text(1, 100), file: text(1, 100) }),
  reply: { status: 200, mediaType: 'application/json; charset=utf-8', otherStatuses: [304] },
})

/** The route has no slug: `tls-ask` is a reserved one. */
const askForCertificate = defineEndpoint({
  method: 'GET',
  path: '/status/tls-ask',
  id: 'askForCertificate',
  summary: 'Say whether a status page is served at a domain, for proxies that get certificates on demand',
  tag,
  access: {
    kind: 'public',
    because: 'a proxy asks it before it gets a certificate, and everybody can see which domains are served',
    limit: { name: 'tlsAsk', by: 'ip' },
  },
  query: z.object({ domain: text(1, 255) }),
  reply: { status: 200, mediaType: 'text/plain; charset=utf-8' },
  problems: ['NOT_FOUND'],
})

const readStatusAsset = defineEndpoint({
  method: 'GET',
  path: '/status/assets/{file}',
  id: 'readStatusAsset',
  summary: 'Read the stylesheet, a font or a logo of status pages',
  tag,
  access: byPage,
  params: z.strictObject({ file: text(1, 100) }),
  reply: { status: 200, mediaType: 'text/css; charset=utf-8' },
  problems: ['NOT_FOUND'],
})

// Any text is accepted: an unknown segment is answered as not found. The router limits its length.
const segment = z.string()
const pingParams = z.strictObject({ token: segment })
const suffixParams = z.strictObject({ token: segment, suffix: segment })
const pingQuery = z.object({ rid: z.union([z.string(), z.array(z.string())]).optional() })

const ping = {
  summary: 'Report that a job ran (heartbeat)',
  tag,
  access: byToken,
  query: pingQuery,
  trailingSlash: true,
  textBody: true,
  bodyBytesMax: policy.heartbeatBodyBytesMax,
  reply: { status: 200, mediaType: 'text/plain; charset=utf-8' },
  problems: ['NOT_FOUND'],
} as const

/** A job's ping: the token alone, or followed by `start`, `fail` or an exit code. HEAD is handled like GET. */
const receivePing = defineEndpoint({
  ...ping,
  method: 'GET',
  path: '/ping/{token}',
  id: 'pingGet',
  params: pingParams,
})

const receivePingWithSuffix = defineEndpoint({
  ...ping,
  method: 'GET',
  path: '/ping/{token}/{suffix}',
  id: 'pingGetSuffix',
  params: suffixParams,
})

const otherPings = (['GET', 'POST', 'PUT'] as const).flatMap((method) =>
  (['ping', 'hbPing'] as const).flatMap((name) => {
    const id = `${name}${method.charAt(0)}${method.slice(1).toLowerCase()}`
    if (id === receivePing.id) return []
    const root = name === 'ping' ? '/ping' : '/hb/ping'
    return [
      { ...receivePing, method, path: `${root}/{token}`, id, handledBy: receivePing.id },
      {
        ...receivePingWithSuffix,
        method,
        path: `${root}/{token}/{suffix}`,
        id: `${id}Suffix`,
        handledBy: receivePingWithSuffix.id,
      },
    ]
  }),
)

export const pingEndpoints = [receivePing, receivePingWithSuffix, ...otherPings]

export const pageEndpoints = [
  readStatusPage,
  unlockStatusPage,
  readStatusFeed,
  readStatusRss,
  readStatusCalendar,
  readStatusFile,
  readStatusList,
  readStatusBadge,
  askForCertificate,
  readStatusAsset,
]
