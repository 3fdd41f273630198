import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { UnseenError } from './ask.ts'

/** How the payment provider's secrets begin: of its API, and of what it signs its webhooks with. */
const billingKey =
  /pdl_(?:live|sdbx|ntfset)_[A-Za-z0-9_]{6,}|PADDLE_(?:API_KEY|WEBHOOK_SECRET)\s*[:=]\s*["'][^"']+/
const pagesMax = 200

/** Follows the dashboard's and the documentation's own links to every asset, and looks for a key in each. */
export async function findNoBillingKey(target: Target, signal: AbortSignal): Promise<Finding> {
  const waiting = ['/app', '/docs', '/openapi.json']
  const seen = new Set(waiting)
  let bytes = 0
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    signal.throwIfAborted()
    const { status, headers, text } = await target.send(path)
    const onwards = headers.get('location')
    // Without its built files the dashboard is not served, and there is nothing of it to search.
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

/** What a page loads, and what a module imports. */
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
