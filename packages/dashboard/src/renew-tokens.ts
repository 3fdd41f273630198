import { Gatehouse, GatehouseProblem, type TokenPair } from '@gatehouse/sdk'
import { instanceUrl } from './at.ts'
import { askServer } from './outage.ts'

// Elsewhere than over TLS or on localhost a browser drops the cookie, and the refresh token has to stay in memory too.
export const sessionHeaders: Readonly<Record<string, string>> = isSecureContext
  ? { 'x-gatehouse-session': 'cookie' }
  : {}

/** How long the cookie of a refresh that another page has made may take to arrive. */
const pausesMs = [300, 600, 1_200, 2_400]

// What keeps a session in a cookie is one for all tabs: one of them renews it, and the others take what it got.
const name = 'gatehouse-session'
const tabs = isSecureContext ? new BroadcastChannel(name) : undefined
let shared: { readonly tokens: TokenPair; readonly atMs: number } | undefined
tabs?.addEventListener('message', ({ data }: MessageEvent<TokenPair>) => {
  shared = { tokens: data, atMs: performance.now() }
})

const server = new Gatehouse({
  baseUrl: instanceUrl,
  // The answer carries the next cookie: without `keepalive` a reload at that moment would lose it.
  fetch: (input, init) =>
    askServer(input, {
      ...init,
      keepalive: true,
      headers: { ...Object.fromEntries(new Headers(init?.headers)), ...sessionHeaders },
    }),
})

/** Undefined once the session has ended; an Outage when the server did not say. */
export async function renewTokens(
  refreshToken: string | undefined,
  signal: AbortSignal,
): Promise<TokenPair | undefined> {
  if (tabs === undefined || refreshToken !== undefined) return exchange(refreshToken, signal)
  const askedAtMs = performance.now()
  return navigator.locks.request(name, { signal }, async () => {
    if (shared !== undefined && shared.atMs > askedAtMs) return shared.tokens
    const tokens = await exchange(undefined, signal)
    if (tokens !== undefined) tabs.postMessage(tokens)
    return tokens
  })
}

async function exchange(
  refreshToken: string | undefined,
  signal: AbortSignal,
): Promise<TokenPair | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await server.platform.refresh(refreshToken, { signal })
    } catch (error) {
      if (!(error instanceof GatehouseProblem)) throw error
      const pauseMs = pausesMs[attempt]
      // Superseded: another page of this browser was faster, and its cookie is about to arrive here.
      if (error.code !== 'REFRESH_SUPERSEDED' || refreshToken !== undefined || pauseMs === undefined)
        return undefined
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}
