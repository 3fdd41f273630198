import type { ComponentType } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Complaint } from './parts.tsx'
import { useLostAt } from './reach.ts'
import { words } from './words.ts'

/** A page whose script is loaded on first use, to keep the initial load small. */
export function lazyPage(load: () => Promise<ComponentType>): ComponentType {
  let loaded: ComponentType | undefined
  return function LazyPage() {
    const [, setShown] = useState(false)
    const [error, setError] = useState<unknown>()
    const isLost = useLostAt() !== undefined
    const wasLost = useRef(false)
    useEffect(() => {
      // Some browsers do not request a failed script again until the page is reloaded.
      if (wasLost.current && !isLost && error !== undefined) location.reload()
      wasLost.current = isLost
    }, [isLost, error])
    useEffect(() => {
      if (loaded !== undefined) return
      load().then((page) => {
        loaded = page
        setShown(true)
      }, setError)
    }, [])
    if (loaded !== undefined) {
      const Page = loaded
      return <Page />
    }
    if (error === undefined)
      return (
        <p class="muted waiting" role="status">
          {words.loading}
        </p>
      )
    return (
      <div class="waiting">
        <Complaint error={error} />
        <button type="button" onClick={() => location.reload()}>
          {words.retry}
        </button>
      </div>
    )
  }
}
