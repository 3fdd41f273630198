import { Gatehouse, GatehouseProblem, type TokenPair } from '@gatehouse/sdk'
import { instanceUrl } from './at.ts'
import { askServer } from './outage.ts'

// Without TLS (except on localhost), browsers drop the cookie, so the refresh token has to be kept in memory too.
export const sessionHeaders: Readonly<Record<string, string>> = isSecureContext
  ? { 'x-gatehouse-session': 'cookie' }
  : {}

/** Pauses while waiting for the cookie of a refresh by another page. */
const pausesMs = [300, 600, 1_200, 2_400]

// All tabs share the cookie's session: one tab renews it, and the others use the result.
const name = 'gatehouse-session'
const tabs = isSecureContext ? new BroadcastChannel(name) : undefined
let shared: { readonly tokens: TokenPair; readonly atMs: number } | undefined
tabs?.addEventListener('message', ({ data }: MessageEvent<TokenPair>) => {
  shared = { tokens: data, atMs: performance.now() }
})

const server = new Gatehouse({
  baseUrl: instanceUrl,
  // The reply sets the next cookie: without `keepalive`, a reload at that moment would lose it.
  fetch: (input, init) =>
    askServer(input, {
      ...init,
      keepalive: true,
      headers: { ...Object.fromEntries(new Headers(init?.headers)), ...sessionHeaders },
    }),
})

/** Undefined if the session has ended; throws an Outage if the server did not say. */
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
      // Superseded: another page of this browser refreshed first, and its cookie is about to arrive.
      if (error.code !== 'REFRESH_SUPERSEDED' || refreshToken !== undefined || pauseMs === undefined)
        return undefined
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}
