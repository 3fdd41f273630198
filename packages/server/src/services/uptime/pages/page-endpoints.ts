import { bind, type BoundEndpoint, RawReply, type RequestContext } from '@gatehouse/kernel/endpoint'
import { readStatusAsset, readStatusBadge, readStatusPage } from '../contract/public.ts'
import { problems } from '../problems.ts'
import type { PageCache, RenderedPage } from './page-cache.ts'
import { chooseLanguage } from './page-words.ts'
import { renderBadge } from './render-badge.ts'
import { renderNotFound } from './render-page.ts'
import { stylesheet } from './stylesheet.ts'

const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  vary: 'accept-encoding, accept-language',
}
const cached = { 'cache-control': 'public, max-age=15, stale-while-revalidate=60, stale-if-error=86400' }

export function pageEndpoints(cache: PageCache): readonly BoundEndpoint[] {
  return [
    bind(readStatusPage, async (_visitor, { params, query }, context) => {
      const acceptLanguage = context.header('accept-language')
      const page = await cache.read({ slug: params.slug, lang: query.lang, acceptLanguage })
      if (page === undefined)
        return new RawReply(
          renderNotFound(chooseLanguage(query.lang, 'auto', acceptLanguage)),
          { ...pageHeaders, 'cache-control': 'no-store' },
          404,
        )
      return toReply(page, context)
    }),
    bind(readStatusBadge, async (_visitor, { params, query }) => {
      const page = await cache.read({ slug: params.slug, lang: 'en', acceptLanguage: undefined })
      if (page === undefined) throw problems.NOT_FOUND()
      const { components, indicator, name } = page.view
      if (query.component === undefined)
        return new RawReply(renderBadge(query.label ?? name, indicator), cached)
      const component = components.find((shown) => shown.name === query.component)
      if (component === undefined) throw problems.NOT_FOUND()
      return new RawReply(
        renderBadge(query.label ?? component.name, stateIndicators[component.state]),
        cached,
      )
    }),
    bind(readStatusAsset, (_visitor, { params }) => {
      if (`/status/assets/${params.file}` !== stylesheet.path) throw problems.NOT_FOUND()
      return new RawReply(stylesheet.body, { 'cache-control': 'public, max-age=31536000, immutable' })
    }),
  ]
}

const stateIndicators = {
  up: 'none',
  degraded: 'degraded',
  down: 'critical',
  maintenance: 'maintenance',
  unknown: 'unknown',
  paused: 'unknown',
} as const

function toReply(page: RenderedPage, context: RequestContext): RawReply {
  const headers = { ...pageHeaders, ...cached, etag: page.etag }
  if (context.header('if-none-match') === page.etag) return new RawReply('', headers, 304)
  const accepted = context.header('accept-encoding') ?? ''
  if (/\bbr\b/.test(accepted)) return new RawReply(page.brotli, { ...headers, 'content-encoding': 'br' })
  if (/\bgzip\b/.test(accepted)) return new RawReply(page.gzip, { ...headers, 'content-encoding': 'gzip' })
  return new RawReply(page.plain, headers)
}
