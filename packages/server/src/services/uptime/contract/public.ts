import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
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

const slug = text(1, 63)
const pageQuery = z.object({ lang: z.enum(['en', 'ja']).optional().catch(undefined) })

export const readStatusPage = defineEndpoint({
  method: 'GET',
  path: '/status/{slug}',
  id: 'readStatusPage',
  summary: 'Read a status page',
  tag,
  access: byPage,
  params: z.strictObject({ slug }),
  query: pageQuery,
  reply: { status: 200, mediaType: 'text/html; charset=utf-8' },
  problems: [],
})

export const readStatusBadge = defineEndpoint({
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

export const readStatusAsset = defineEndpoint({
  method: 'GET',
  path: '/status/assets/{file}',
  id: 'readStatusAsset',
  summary: 'Read the stylesheet of status pages',
  tag,
  access: byPage,
  params: z.strictObject({ file: text(1, 100) }),
  reply: { status: 200, mediaType: 'text/css; charset=utf-8' },
  problems: ['NOT_FOUND'],
})

const pingParams = z.strictObject({ token: text(1, 100) })
const suffixParams = z.strictObject({ token: text(1, 100), suffix: text(1, 10) })
const pingQuery = z.object({ rid: text(1, 64).optional() })

const pingMethods = ['GET', 'POST', 'PUT'] as const

/** A job's ping: with nothing behind its token, or with `start`, `fail` or an exit code. HEAD comes with GET. */
export const pingEndpoints = ['/ping', '/hb/ping'].flatMap((path) =>
  pingMethods.flatMap((method) => {
    const name = `${path === '/ping' ? 'ping' : 'hbPing'}${method.charAt(0)}${method.slice(1).toLowerCase()}`
    const shared = {
      method,
      summary: 'Tell that a job ran',
      tag,
      access: byToken,
      query: pingQuery,
      textBody: true,
      bodyBytesMax: policy.heartbeatBodyBytesMax,
      reply: { status: 200, mediaType: 'text/plain; charset=utf-8' },
      problems: ['NOT_FOUND'],
    } as const
    return [
      defineEndpoint({ ...shared, path: `${path}/{token}`, id: name, params: pingParams }),
      defineEndpoint({
        ...shared,
        path: `${path}/{token}/{suffix}`,
        id: `${name}Suffix`,
        params: suffixParams,
      }),
    ]
  }),
)
