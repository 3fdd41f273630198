import {
  chooseEncoding,
  contentPolicy,
  type HandlersOf,
  RawReply,
  type RequestContext,
} from '@gatehouse/kernel/endpoint'
import { toHostname } from '../../../service/to-hostname.ts'
import { readPublicFont } from '../../../service/public-fonts.ts'
import type { pageEndpoints } from '../contract/public.ts'
import type { UptimeDeps } from '../deps.ts'
import { uptimePolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import type { LogoCache } from '../pages/logo-cache.ts'
import type { PageCache, RenderedPage, Rendering } from '../pages/page-cache.ts'
import { chooseLanguage, type PageLanguage } from '../pages/page-words.ts'
import { renderBadge } from '../pages/render-badge.ts'
import { renderLocked, renderNotFound } from '../pages/render-page.ts'
import { statuspageFiles } from '../pages/render-statuspage.ts'
import { stylesheet } from '../pages/stylesheet.ts'

export const pageHeaders = {
  'content-security-policy': contentPolicy({
    'style-src': "'self'",
    'font-src': "'self'",
    'img-src': "'self'",
    'form-action': "'self'",
  }),
  vary: 'accept-encoding, accept-language',
}
/** Badges are embedded in pages of other sites, such as README files. */
const embeddable = { 'cross-origin-resource-policy': 'cross-origin' }
/** Pages that are not public must not be cached. */
const unkept = { 'cache-control': 'private, no-store' }
const kept = { 'cache-control': 'public, max-age=31536000, immutable' }
const cached = { 'cache-control': 'public, max-age=15, stale-while-revalidate=60, stale-if-error=86400' }

export function pageHandlers(
  deps: Pick<UptimeDeps, 'publicUrl' | 'hosts'>,
  cache: PageCache,
  logos: LogoCache,
): HandlersOf<typeof pageEndpoints> {
  const domainOf = (slug: string, context: RequestContext) => findDomain(deps, slug, context)
  const readAttached = (request: Attached, context: RequestContext): Promise<RenderedPage> =>
    readPageOf(cache, { ...request, domain: domainOf(request.params.slug, context) }, context)
  return {
    readStatusPage: async (_visitor, { params, query }, context) => {
      const acceptLanguage = context.header('accept-language')
      const domain = domainOf(params.slug, context)
      if (query.view !== undefined) {
        const pass = await cache.admit(params.slug, query.view)
        if (pass !== undefined)
          return openFor(deps.publicUrl(), toPlace(params.slug, domain), pass, uptimePolicy.viewLink.hours)
      }
      const request = { slug: params.slug, lang: query.lang, acceptLanguage, domain, pass: readPass(context) }
      const page = await cache.read(request)
      if (page !== undefined) return toReply(page, page, context)
      const language = chooseLanguage(query.lang, 'auto', acceptLanguage)
      return (await cache.isLocked(request)) ? refuse(renderLocked(language, false), 403) : notFound(language)
    },
    unlockStatusPage: async (_visitor, { params: { slug }, query, body }, context) => {
      const language = chooseLanguage(query.lang, 'auto', context.header('accept-language'))
      if (!(await cache.isLocked({ slug }))) return notFound(language)
      const pass = await cache.unlock(slug, new URLSearchParams(body).get('password') ?? '')
      if (pass === undefined) return refuse(renderLocked(language, true), 403)
      const place = toPlace(slug, domainOf(slug, context))
      return openFor(deps.publicUrl(), place, pass, uptimePolicy.pagePassword.hours)
    },
    readStatusFeed: async (_visitor, request, context) => {
      const page = await readAttached(request, context)
      return toReply(page, await page.attached('history.atom'), context)
    },
    readStatusRss: async (_visitor, request, context) => {
      const page = await readAttached(request, context)
      return toReply(page, await page.attached('history.rss'), context)
    },
    readStatusCalendar: async (_visitor, request, context) => {
      const page = await readAttached(request, context)
      return toReply(page, await page.attached('calendar.ics'), context)
    },
    readStatusFile: (_visitor, request, context) =>
      readStatuspage(readAttached, request.params.file, request, context),
    readStatusList: (_visitor, request, context) =>
      readStatuspage(readAttached, `${request.params.list}/${request.params.file}`, request, context),
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
    askForCertificate: async (_visitor, { query }) => {
      if (deps.hosts.find(toHostname(query.domain)) === undefined) throw problems.NOT_FOUND()
      return new RawReply('active\n', { 'cache-control': 'no-store' })
    },
    readStatusAsset: async (_visitor, { params: { file } }) => {
      if (file === stylesheet.file) return new RawReply(stylesheet.body, kept)
      const found = readPublicFont(file) ?? (await readLogo(logos, file))
      if (found === undefined) throw problems.NOT_FOUND()
      return found
    },
  }
}

/** The page's own domain, if it is read there. */
export function findDomain(
  { hosts }: Pick<UptimeDeps, 'hosts'>,
  slug: string,
  { header }: RequestContext,
): string | undefined {
  const domain = toHostname(header('host'))
  return hosts.find(domain) === slug ? domain : undefined
}

type Attached = {
  readonly params: { readonly slug: string }
  readonly query: { readonly lang?: PageLanguage | undefined; readonly key?: string | undefined }
}

/** The page that something is attached to. Whoever may not read the page learns nothing of it here either. */
async function readPageOf(
  cache: PageCache,
  { params, query, domain }: Attached & { readonly domain: string | undefined },
  context: RequestContext,
): Promise<RenderedPage> {
  const acceptLanguage = context.header('accept-language')
  const proof = { pass: readPass(context), feedKey: query.key }
  const page = await cache.read({ ...params, lang: query.lang, acceptLanguage, domain, ...proof })
  if (page === undefined) throw problems.NOT_FOUND()
  return page
}

/** Pages of other sites may read it as well, as long as everybody may. */
async function readStatuspage(
  readAttached: (request: Attached, context: RequestContext) => Promise<RenderedPage>,
  name: string,
  { params: { slug } }: { readonly params: { readonly slug: string } },
  context: RequestContext,
): Promise<RawReply> {
  const file = statuspageFiles.find((known) => known === name)
  if (file === undefined) throw problems.NOT_FOUND()
  const page = await readAttached({ params: { slug }, query: { lang: 'en' } }, context)
  const shared = page.isPublic ? { ...embeddable, 'access-control-allow-origin': '*' } : {}
  return toReply(page, await page.attached(file), context, shared)
}

async function readLogo(logos: LogoCache, file: string): Promise<RawReply | undefined> {
  if (!file.startsWith('logo-')) return undefined
  const logo = await logos.read(file)
  return (
    logo &&
    new RawReply(logo.body, {
      ...kept,
      'content-type': logo.mediaType,
      // Opened directly, the logo is only an image: no script or style in it runs.
      'content-security-policy': contentPolicy({}),
    })
  )
}

const passName = 'gatehouse-page'

/** Where a browser finds a page: relative to its present address, and as a path of the host. */
type Place = { readonly location: string; readonly path: string }

/** At its own domain, a page is at the root, whatever the path of the instance. */
function toPlace(slug: string, domain: string | undefined): Place {
  return domain === undefined ? { location: slug, path: `/status/${slug}` } : { location: '/', path: '' }
}

/** The cookie is sent only to this page and is valid only for it. */
function toPassCookie(publicUrl: string, { path: own }: Place, pass: string, hours: number): string {
  const { protocol, pathname } = new URL(publicUrl)
  const path = own === '' ? '/' : `${pathname.replace(/\/$/, '')}${own}`
  const secure = protocol === 'https:' ? '; Secure' : ''
  return `${passName}=${pass}; Path=${path}; HttpOnly; SameSite=Lax; Max-Age=${hours * 3_600}${secure}`
}

/** Redirects a browser to the page and sets the pass that opens it. */
function openFor(publicUrl: string, place: Place, pass: string, hours: number): RawReply {
  const headers = { ...pageHeaders, ...unkept, location: place.location }
  return new RawReply('', headers, 303, [toPassCookie(publicUrl, place, pass, hours)])
}

export function readPass({ header }: RequestContext): string | undefined {
  const pairs = (header('cookie') ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${passName}=`))?.slice(passName.length + 1)
}

export function refuse(markup: string, status: number): RawReply {
  return new RawReply(markup, { ...pageHeaders, 'cache-control': 'no-store' }, status)
}

export function notFound(language: PageLanguage, root?: string): RawReply {
  return refuse(renderNotFound(language, root), 404)
}

const stateIndicators = {
  up: 'none',
  degraded: 'degraded',
  down: 'critical',
  maintenance: 'maintenance',
  unknown: 'unknown',
  paused: 'unknown',
} as const

export function toReply(
  { isPublic }: RenderedPage,
  rendering: Rendering,
  context: RequestContext,
  more: Readonly<Record<string, string>> = {},
): RawReply {
  const { etag, plain, gzip, brotli } = rendering
  const headers = { ...pageHeaders, ...(isPublic ? cached : unkept), ...more, etag }
  if (context.header('if-none-match') === etag) return new RawReply('', headers, 304)
  const encoding = chooseEncoding(context.header('accept-encoding'))
  if (encoding === 'br') return new RawReply(brotli, { ...headers, 'content-encoding': 'br' })
  if (encoding === 'gzip') return new RawReply(gzip, { ...headers, 'content-encoding': 'gzip' })
  return new RawReply(plain, headers)
}
