import type { IncomingMessage } from 'node:http'
import type { CustomHosts } from '../service/custom-hosts.ts'
import { toHostname } from '../service/to-hostname.ts'

export type CustomHostRouter = {
  /** Whether a customer's host of this name leads here. */
  readonly has: (name: string) => boolean
  readonly isFor: (request: IncomingMessage) => boolean
  /** The URL as routed: at a customer's host, one below what it leads to, whatever the path; elsewhere, the same. */
  readonly toRoutedUrl: (request: IncomingMessage) => string
}

export function createCustomHostRouter(
  services: readonly { readonly customHosts?: CustomHosts }[],
): CustomHostRouter {
  const all = services.flatMap(({ customHosts }) => customHosts ?? [])
  const find = (name: string, path: string): string | undefined => {
    for (const hosts of all) {
      const found = hosts.toPath(name, path)
      if (found !== undefined) return found
    }
    return undefined
  }
  const has = (name: string): boolean => find(name, '/') !== undefined
  return {
    has,
    isFor: ({ headers }) => has(toHostname(headers.host)),
    toRoutedUrl: ({ headers, url = '/' }) => find(toHostname(headers.host), toPath(url)) ?? url,
  }
}

/** Path and query of a request target, which may be a whole URL (RFC 9112, 3.2.2). */
function toPath(url: string): string {
  const path = url.replace(/^[a-z][\w+.-]*:\/\/[^/?#]*/i, '')
  return path.startsWith('/') ? path : `/${path}`
}
