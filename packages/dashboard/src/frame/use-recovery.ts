import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'preact/hooks'

const pollMs = 5_000

/** While the server is unreachable, retries the queries on the screen; when it is back, refetches all of them. */
export function useRecovery(isLost: boolean): void {
  const queries = useQueryClient()
  const wasLost = useRef(false)
  useEffect(() => {
    const isBack = wasLost.current && !isLost
    wasLost.current = isLost
    const ask = (): void => void queries.refetchQueries({ type: 'active' })
    if (isBack) ask()
    if (!isLost) return undefined
    const timer = setInterval(ask, pollMs)
    addEventListener('online', ask)
    return () => {
      clearInterval(timer)
      removeEventListener('online', ask)
    }
  }, [isLost, queries])
}
