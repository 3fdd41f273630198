import type { About } from './topics.ts'
import { useIsLive } from './live-stream.ts'

type Live = {
  readonly meta: { readonly about: readonly About[] }
  readonly refetchInterval: number | false
}

/**
 * For a question whose answer should be fresh: `useQuery({ …, ...useLive(['incidents'], 15_000) })`. It is asked again as
 * soon as the server says that a topic is different, and by the clock only while nothing is told.
 */
export function useLive(about: readonly About[], elseEveryMs: number): Live {
  return { meta: { about }, refetchInterval: useIsLive() ? false : elseEveryMs }
}
