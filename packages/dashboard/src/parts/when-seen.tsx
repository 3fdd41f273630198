import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** Renders its children once they are scrolled into view, and keeps them. */
export function WhenSeen({ children }: { readonly children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null)
  const [isSeen, setIsSeen] = useState(false)
  useEffect(() => {
    const element = place.current
    if (element === null || isSeen) return undefined
    const watch = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting === true) setIsSeen(true)
    })
    watch.observe(element)
    return () => watch.disconnect()
  }, [isSeen])
  return <div ref={place}>{isSeen ? children : <div class="unseen" />}</div>
}
