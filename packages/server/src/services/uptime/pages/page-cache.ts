import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Clock } from '@gatehouse/kernel/clock'
import { asGate, type Database } from '@gatehouse/kernel/db'
import type { Sealer } from '@gatehouse/kernel/secrets'
import { verifyPassword } from '@gatehouse/kernel/sessions'
import { takePageLink } from '../store/page-link-store.ts'
import { findPageHead, type PageHead } from '../store/page-store.ts'
import { judgeVisibility, type PagePass } from '../domain/page-access.ts'
import { uptimePolicy } from '../policy.ts'
import { digestToken } from '../usecases/heartbeat-token.ts'
import { loadPage } from './load-page.ts'
import { digestOfPassword, openPass, sealPass } from './page-pass.ts'
import type { PageView } from './page-view.ts'
import { chooseLanguage, type PageLanguage } from './page-words.ts'
import { type AttachedName, renderAttached } from './render-attached.ts'
import { renderPage } from './render-page.ts'
import { toPageUrl } from '../usecases/to-page-url.ts'

const compressGzip = promisify(gzip)
const compressBrotli = promisify(brotliCompress)

/** Something rendered, as it is sent. */
export type Rendering = {
  readonly etag: string
  readonly plain: Buffer
  readonly gzip: Buffer
  readonly brotli: Buffer
}

/** One rendering of a page, kept until the page's version changes. */
export type RenderedPage = Rendering & {
  readonly version: string
  /** Whether everybody may see it, so that shared caches may store it. */
  readonly isPublic: boolean
  readonly orgId: string
  readonly language: PageLanguage
  readonly view: PageView
  /** What programs read of it, each rendered once when somebody asks. */
  readonly attached: (name: AttachedName) => Promise<Rendering>
}

export type PageRequest = {
  readonly slug: string
  readonly lang: string | undefined
  readonly acceptLanguage: string | undefined
  /** The page's own domain, if it is read there, at the root. */
  readonly domain?: string | undefined
  /** The pass cookie as the browser sent it. */
  readonly pass?: string | undefined
  /** The key of the page's feeds as a program sent it; it takes the place of the pass. */
  readonly feedKey?: string | undefined
}

export type PageCache = {
  /**
   * Undefined if the page does not exist or this visitor may not see it. While the database is unavailable, the last
   * copy.
   */
  readonly read: (request: PageRequest) => Promise<RenderedPage | undefined>
  /** Whether the page needs a password. */
  readonly isLocked: (request: Pick<PageRequest, 'slug' | 'pass'>) => Promise<boolean>
  /** Returns a pass for the right password; undefined for a wrong one, and for a page without a password. */
  readonly unlock: (slug: string, password: string) => Promise<string | undefined>
  /** Returns a pass for a single-use members' link; undefined if it was used or is unknown. */
  readonly admit: (slug: string, token: string) => Promise<string | undefined>
}

/** How long a page's version and access are cached. */
const headMs = 1_000
/** Pages are rendered again after this time, because percentages change without events. */
const freshMs = 300_000
const slugsMax = 5_000

type Known = { readonly head: PageHead | undefined; readonly askedMs: number }

export function createPageCache(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly sealer: Sealer
  readonly publicUrl: () => string
  readonly mail: { readonly isConfigured: boolean }
}): PageCache {
  const heads = new Map<string, Known>()
  const asking = new Map<string, Promise<PageHead | undefined>>()
  const pages = new Map<string, RenderedPage>()
  const rendering = new Map<string, Promise<RenderedPage>>()

  const ask = async (slug: string): Promise<PageHead | undefined> => {
    const known = heads.get(slug)
    if (known !== undefined && deps.clock.monotonic() - known.askedMs < headMs) return known.head
    try {
      const head = await once(asking, slug, () => asGate(deps, (tx) => findPageHead(tx, slug)))
      if (heads.size >= slugsMax) heads.clear()
      heads.set(slug, { head, askedMs: deps.clock.monotonic() })
      return head
    } catch (error) {
      if (known === undefined) throw error
      return known.head
    }
  }

  const render = async (
    head: PageHead,
    language: PageLanguage,
    version: string,
    domain: string | undefined,
  ): Promise<RenderedPage> => {
    const loaded = await loadPage(deps, head, language, deps.clock.now())
    const view = domain === undefined ? loaded : { ...loaded, place: '' }
    const pageUrl = toPageUrl(deps.publicUrl(), head.slug, domain)
    return {
      ...(await compress(renderPage(view, language))),
      version,
      isPublic: head.access === 'public',
      orgId: head.orgId,
      language,
      view,
      attached: eachOnce((name) => compress(renderAttached(name, view, language, pageUrl))),
    }
  }

  const judge = (head: PageHead | undefined, { pass, feedKey }: Pick<PageRequest, 'pass' | 'feedKey'>) => {
    if (head === undefined) return judgeVisibility(undefined, undefined, deps.clock.now())
    const { access, passwordHash, feedKeyDigest } = head
    const page = { access, passwordDigest: passwordHash && digestOfPassword(passwordHash), feedKeyDigest }
    return judgeVisibility(page, toPass(deps.sealer, head, pass, feedKey), deps.clock.now())
  }

  return {
    read: async ({ slug, lang, acceptLanguage, domain, ...proof }) => {
      const head = await ask(slug)
      if (head === undefined || judge(head, proof) !== 'shown') return undefined
      const language = chooseLanguage(lang, head.language, acceptLanguage)
      const key = `${head.orgId} ${head.serviceId} ${language} ${domain ?? ''}`
      const version = `${head.version} ${Math.floor(deps.clock.now() / freshMs)}`
      const kept = pages.get(key)
      if (kept?.version === version) return kept
      try {
        const page = await once(rendering, `${key} ${version}`, () => render(head, language, version, domain))
        if (pages.size >= slugsMax) pages.clear()
        pages.set(key, page)
        return page
      } catch (error) {
        if (kept === undefined) throw error
        return kept
      }
    },
    isLocked: async ({ slug, ...proof }) => judge(await ask(slug), proof) === 'locked',
    admit: async (slug, token) => {
      const head = await ask(slug)
      if (head === undefined || head.access !== 'members') return undefined
      const now = deps.clock.now()
      if (!(await asGate(deps, (tx) => takePageLink(tx, head, digestToken(token), now)))) return undefined
      return sealPass(deps.sealer, head, {
        kind: 'member',
        untilMs: now + uptimePolicy.viewLink.hours * 3_600_000,
      })
    },
    unlock: async (slug, password) => {
      const head = await ask(slug)
      if (head === undefined || head.access !== 'password' || head.passwordHash === null) return undefined
      if (!(await verifyPassword(password, head.passwordHash)).matches) return undefined
      return sealPass(deps.sealer, head, {
        kind: 'password',
        passwordDigest: digestOfPassword(head.passwordHash),
        untilMs: deps.clock.now() + uptimePolicy.pagePassword.hours * 3_600_000,
      })
    },
  }
}

function toPass(
  sealer: Sealer,
  head: PageHead,
  pass: string | undefined,
  feedKey: string | undefined,
): PagePass | undefined {
  if (feedKey !== undefined) return { kind: 'feed_key', digest: digestToken(feedKey) }
  return pass === undefined ? undefined : openPass(sealer, head, pass)
}

async function compress(text: string): Promise<Rendering> {
  const plain = Buffer.from(text, 'utf8')
  const [zipped, brotli] = await Promise.all([compressGzip(plain), compressBrotli(plain)])
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  return { etag, plain, gzip: zipped, brotli }
}

function eachOnce<K, T>(make: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const made = new Map<K, Promise<T>>()
  return (key) => {
    const known = made.get(key) ?? make(key)
    made.set(key, known)
    return known
  }
}

/** Coalesces concurrent calls with the same key into one. */
function once<T>(running: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const known = running.get(key)
  if (known !== undefined) return known
  const started = work().finally(() => running.delete(key))
  running.set(key, started)
  return started
}
