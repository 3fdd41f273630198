import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { type TableWindow, toTableWindow } from './table-window.ts'

/** Below this number, all rows are rendered and scroll with the page. */
const rowsAtOnce = 150

/** The range of rows that is rendered while `box` scrolls. */
export function useTableWindow(
  box: RefObject<HTMLElement | null>,
  count: number,
  rowPixels: number,
): TableWindow {
  const [seen, setSeen] = useState({ scrolledPixels: 0, seenPixels: 0 })
  const isWindowed = count > rowsAtOnce
  useEffect(() => {
    const element = box.current
    if (element === null || !isWindowed) return undefined
    element.classList.add('windowed')
    const look = (): void => setSeen({ scrolledPixels: element.scrollTop, seenPixels: element.clientHeight })
    look()
    element.addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      element.classList.remove('windowed')
      element.removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [isWindowed, rowPixels])
  if (!isWindowed) return { from: 0, to: count, abovePixels: 0, belowPixels: 0 }
  return toTableWindow(count, rowPixels, seen.scrolledPixels, seen.seenPixels)
}
