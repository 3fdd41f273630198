import {
  chooseEncoding,
  contentPolicy,
  type HandlersOf,
  RawReply,
  type RequestContext,
} from '@gatehouse/kernel/endpoint'
import { readPublicFont } from '../../../service/public-fonts.ts'
import type { pageEndpoints } from '../contract/public.ts'
import { problems } from '../problems.ts'
import type { LogoCache } from '../pages/logo-cache.ts'
import type { PageCache, RenderedPage } from '../pages/page-cache.ts'
import { chooseLanguage } from '../pages/page-words.ts'
import { renderBadge } from '../pages/render-badge.ts'
import { renderNotFound } from '../pages/render-page.ts'
import { stylesheet } from '../pages/stylesheet.ts'

const pageHeaders = {
  'content-security-policy': contentPolicy({
    'style-src': "'self'",
    'font-src': "'self'",
    'img-src': "'self'",
    'form-action': "'self'",
  }),
  vary: 'accept-encoding, accept-language',
}
/** Badges are pictures on pages of other sites, as README files are. */
const embeddable = { 'cross-origin-resource-policy': 'cross-origin' }
const kept = { 'cache-control': 'public, max-age=31536000, immutable' }
const cached = { 'cache-control': 'public, max-age=15, stale-while-revalidate=60, stale-if-error=86400' }

export function pageHandlers(cache: PageCache, logos: LogoCache): HandlersOf<typeof pageEndpoints> {
  return {
    readStatusPage: async (_visitor, { params, query }, context) => {
      const acceptLanguage = context.header('accept-language')
      const page = await cache.read({ slug: params.slug, lang: query.lang, acceptLanguage })
      if (page === undefined)
        return new RawReply(
          renderNotFound(chooseLanguage(query.lang, 'auto', acceptLanguage)),
          { ...pageHeaders, 'cache-control': 'no-store' },
          404,
        )
      return toReply(page, context)
    },
    readStatusBadge: async (_visitor, { params, query }) => {
      const page = await cache.read({ slug: params.slug, lang: 'en', acceptLanguage: undefined })
      if (page === undefined) throw problems.NOT_FOUND()
      const { components, indicator, name } = page.view
      if (query.component === undefined)
        return new RawReply(renderBadge(query.label ?? name, indicator), { ...cached, ...embeddable })
      const component =
        components.find((shown) => shown.id === query.component) ??
        components.find((shown) => shown.name === query.component)
      if (component === undefined) throw problems.NOT_FOUND()
      return new RawReply(renderBadge(query.label ?? component.name, stateIndicators[component.state]), {
        ...cached,
        ...embeddable,
      })
    },
    readStatusAsset: async (_visitor, { params: { file } }) => {
      if (file === stylesheet.file) return new RawReply(stylesheet.body, kept)
      const found = readPublicFont(file) ?? (await readLogo(logos, file))
      if (found === undefined) throw problems.NOT_FOUND()
      return found
    },
  }
}

async function readLogo(logos: LogoCache, file: string): Promise<RawReply | undefined> {
  if (!file.startsWith('logo-')) return undefined
  const logo = await logos.read(file)
  return (
    logo &&
    new RawReply(logo.body, {
      ...kept,
      'content-type': logo.mediaType,
      // Should somebody open it by itself, it is a picture and nothing else.
      'content-security-policy': contentPolicy({}),
    })
  )
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
  const encoding = chooseEncoding(context.header('accept-encoding'))
  if (encoding === 'br') return new RawReply(page.brotli, { ...headers, 'content-encoding': 'br' })
  if (encoding === 'gzip') return new RawReply(page.gzip, { ...headers, 'content-encoding': 'gzip' })
  return new RawReply(page.plain, headers)
}
