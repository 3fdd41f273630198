import { asGate, type Database } from '@gatehouse/kernel/db'
import type { CustomHosts } from '../../../service/custom-hosts.ts'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import { listActiveDomains } from '../store/domain-store.ts'

/** Which page is read under which domain, as this node knows it. */
export type PageHosts = CustomHosts & {
  /** The slug of the page with this domain. */
  readonly find: (domain: string) => string | undefined
}

/**
 * Keeps the active domains of the whole instance, so that no request waits for the database to know its host, and
 * strangers who make up hosts cost nothing. While the database is unavailable, the last list stands.
 */
export function createPageHosts(deps: {
  readonly db: Database
  readonly publicUrl: () => string
  readonly news: Pick<ServiceDeps['news'], 'subscribe'>
  readonly onError: (error: unknown) => void
}): PageHosts {
  let slugs: ReadonlyMap<string, string> = new Map()
  let latest: Promise<void> = Promise.resolve()
  let isWaiting = false
  const read = async (): Promise<void> => {
    isWaiting = false
    const domains = await asGate(deps, listActiveDomains)
    // The operator may have given the instance a name that was a page's.
    const own = URL.parse(deps.publicUrl())?.hostname
    slugs = new Map(domains.flatMap(({ domain, slug }) => (domain === own ? [] : [[domain, slug]])))
  }
  // One after the other: a slower read must not replace what a later one has found.
  const load = (): Promise<void> => {
    if (!isWaiting) {
      isWaiting = true
      latest = latest.catch(() => undefined).then(read)
    }
    return latest
  }
  deps.news.subscribe((subject) => {
    if (subject === '*' || subject === 'page-domains') load().catch(deps.onError)
  })
  const find = (domain: string): string | undefined => slugs.get(domain)
  return {
    load,
    find,
    toPath: (hostname, path) => {
      const slug = find(hostname)
      return slug === undefined ? undefined : toPagePath(slug, path)
    },
  }
}

/** Everything at a domain lies below its page, except the stylesheet, fonts and logos of all pages. */
function toPagePath(slug: string, path: string): string {
  if (path.startsWith('/assets/')) return `/status${path}`
  return path === '/' || path.startsWith('/?') ? `/status/${slug}${path.slice(1)}` : `/status/${slug}${path}`
}
