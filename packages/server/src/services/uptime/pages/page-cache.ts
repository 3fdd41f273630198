import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Clock } from '@gatehouse/kernel/clock'
import { asGate, type Database } from '@gatehouse/kernel/db'
import { findPageHead, type PageHead } from '../store/page-store.ts'
import { loadPage } from './load-page.ts'
import type { PageView } from './page-view.ts'
import { chooseLanguage, type PageLanguage } from './page-words.ts'
import { renderPage } from './render-page.ts'

const compressGzip = promisify(gzip)
const compressBrotli = promisify(brotliCompress)

/** One rendering of one page, kept until the page's version moves. */
export type RenderedPage = {
  readonly version: string
  readonly etag: string
  readonly view: PageView
  readonly plain: Buffer
  readonly gzip: Buffer
  readonly brotli: Buffer
}

export type PageRequest = {
  readonly slug: string
  readonly lang: string | undefined
  readonly acceptLanguage: string | undefined
}

export type PageCache = {
  /** Undefined: there is no such page, or not for everyone. With the database away, the last copy. */
  readonly read: (request: PageRequest) => Promise<RenderedPage | undefined>
}

/** How long a page's head is trusted without asking again. */
const headMs = 1_000
/** Percentages move by themselves. */
const freshMs = 300_000
const slugsMax = 5_000

type Known = { readonly head: PageHead | undefined; readonly askedMs: number }

export function createPageCache(deps: { readonly db: Database; readonly clock: Clock }): PageCache {
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

  const render = async (head: PageHead, language: PageLanguage, version: string): Promise<RenderedPage> => {
    const view = await loadPage(deps, head, language, deps.clock.now())
    const plain = Buffer.from(renderPage(view, language), 'utf8')
    const [zipped, brotli] = await Promise.all([compressGzip(plain), compressBrotli(plain)])
    const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
    return { version, etag, view, plain, gzip: zipped, brotli }
  }

  return {
    read: async ({ slug, lang, acceptLanguage }) => {
      const head = await ask(slug)
      if (head === undefined || !head.isPublic) return undefined
      const language = chooseLanguage(lang, head.language, acceptLanguage)
      const key = `${head.orgId} ${head.serviceId} ${language}`
      const version = `${head.version} ${Math.floor(deps.clock.now() / freshMs)}`
      const kept = pages.get(key)
      if (kept?.version === version) return kept
      try {
        const page = await once(rendering, `${key} ${version}`, () => render(head, language, version))
        if (pages.size >= slugsMax) pages.clear()
        pages.set(key, page)
        return page
      } catch (error) {
        if (kept === undefined) throw error
        return kept
      }
    },
  }
}

/** Of those who want the same at the same time, one does the work. */
function once<T>(running: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const known = running.get(key)
  if (known !== undefined) return known
  const started = work().finally(() => running.delete(key))
  running.set(key, started)
  return started
}
