import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { UnseenError } from './ask.ts'

/** The beginnings of the payment provider's secrets: of its API, and of its webhook signatures. */
const billingKey =
  /pdl_(?:live|sdbx|ntfset)_[A-Za-z0-9_]{6,}|PADDLE_(?:API_KEY|WEBHOOK_SECRET)\s*[:=]\s*["'][^"']+/
const pagesMax = 200

/** Follows the links of the dashboard and the documentation to every asset, and searches each for a key. */
export async function findNoBillingKey(target: Target, signal: AbortSignal): Promise<Finding> {
  const waiting = ['/app', '/docs', '/openapi.json']
  const seen = new Set(waiting)
  let bytes = 0
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    signal.throwIfAborted()
    const { status, headers, text } = await target.send(path)
    const onwards = headers.get('location')
    // Without its built files the dashboard is not served, so there is nothing to search.
    if (status === 503 && path === '/app') continue
    if (status >= 500 || status === 429) throw new UnseenError(`${path} answered ${status} to the probe`)
    bytes += text.length
    if (billingKey.test(text))
      return fails(`${path} holds a key of the payment provider`, { assets: seen.size })
    for (const link of [...listLinks(text, path), ...(onwards === null ? [] : [onwards])]) {
      const next = toOwnPath(link, path)
      if (next === undefined || seen.has(next) || seen.size >= pagesMax) continue
      seen.add(next)
      waiting.push(next)
    }
  }
  const figures = { assets: seen.size, bytes }
  return seen.size < 5 ? fails('The assets of the dashboard could not be found', figures) : holds(figures)
}

/** The files that a page loads, or that a module imports. */
function listLinks(text: string, path: string): readonly string[] {
  const pattern = /\.m?js$/.test(path)
    ? /["'`](\.{0,2}\/[\w./-]+\.(?:js|css|json))["'`]/g
    : /(?:src|href)="([^"#?]+)/g
  return [...text.matchAll(pattern)].map(([, link = '']) => link)
}

function toOwnPath(link: string, from: string): string | undefined {
  const here = new URL(from, 'https://here.invalid')
  const url = URL.parse(link, here.href)
  if (url === null || url.origin !== here.origin) return undefined
  return /^\/(?:app|docs)\b/.test(url.pathname) ? url.pathname : undefined
}
