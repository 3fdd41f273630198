import type { About } from './topics.ts'
import { useIsLive } from './live-stream.ts'

type Live = {
  readonly meta: { readonly about: readonly About[] }
  readonly refetchInterval: number | false
}

/**
 * Keeps a query fresh: `useQuery({ …, ...useLive(['incidents'], 15_000) })`. It is refetched when the server reports
 * a change of the topic, and polled only while the live stream is not connected.
 */
export function useLive(about: readonly About[], elseEveryMs: number): Live {
  return { meta: { about }, refetchInterval: useIsLive() ? false : elseEveryMs }
}
