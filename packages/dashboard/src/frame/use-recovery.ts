import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'preact/hooks'

const pollMs = 5_000

/** Asks again for what is on the screen while the server is lost, and for all of it as soon as it is back. */
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
