import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

type Keys = {
  readonly box: RefObject<HTMLElement | null>
  readonly count: number
  readonly active: number
  readonly rowPixels: number
  readonly move: (index: number) => void
  readonly open: (index: number) => void
  readonly select?: (index: number, isRange: boolean) => void
  readonly clear: () => void
}

/**
 * Keyboard control of a table: `j`, `k` and arrows move, Enter opens, `x` and space select, with Shift a range. It
 * also works while nothing on the page has the focus, if the page has only one table.
 */
export function useTableKeys(keys: Keys): (event: KeyboardEvent) => void {
  const latest = useRef(keys)
  latest.current = keys
  const onKeyDown = (event: KeyboardEvent): void => {
    const { target, key, shiftKey } = event
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) return
    const { count, active, move, open, select, clear, box, rowPixels } = latest.current
    const isOnRow = target instanceof HTMLElement && target.matches('[data-row]')
    const go = (index: number): void => {
      const next = Math.max(0, Math.min(count - 1, index))
      move(next)
      if (box.current !== null) reveal(box.current, next, rowPixels)
    }
    const acts: Readonly<Record<string, (() => void) | undefined>> = {
      j: () => go(isOnRow ? active + 1 : active),
      k: () => go(active - 1),
      ArrowDown: isOnRow ? () => go(active + 1) : undefined,
      ArrowUp: isOnRow ? () => go(active - 1) : undefined,
      Home: isOnRow ? () => go(0) : undefined,
      End: isOnRow ? () => go(count - 1) : undefined,
      Enter: isOnRow ? () => open(active) : undefined,
      o: isOnRow ? () => open(active) : undefined,
      x: select === undefined || !isOnRow ? undefined : () => select(active, shiftKey),
      X: select === undefined || !isOnRow ? undefined : () => select(active, true),
      ' ': select === undefined || !isOnRow ? undefined : () => select(active, shiftKey),
      Escape: clear,
    }
    const act = acts[key]
    if (act === undefined) return
    if (key !== 'Escape') event.preventDefault()
    act()
  }
  useEffect(() => {
    const fromPage = (event: KeyboardEvent): void => {
      const { activeElement } = document
      const isFree =
        activeElement === document.body || activeElement?.id === 'content' || activeElement?.tagName === 'H1'
      const isOnly = document.querySelectorAll('.data-box').length === 1
      if (isFree && isOnly && (event.key === 'j' || event.key === 'k')) onKeyDown(event)
    }
    addEventListener('keydown', fromPage)
    return () => removeEventListener('keydown', fromPage)
  }, [])
  return onKeyDown
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]')
  )
}

/** Scrolls to a row that may not be rendered yet, and focuses it once it is. */
function reveal(box: HTMLElement, index: number, rowPixels: number): void {
  if (box.classList.contains('windowed')) {
    const head = box.querySelector('thead')?.clientHeight ?? 0
    const top = index * rowPixels
    if (top < box.scrollTop) box.scrollTop = top
    const bottom = top + rowPixels + head
    if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight
  }
  const focus = (framesLeft: number): void => {
    const row = box.querySelector<HTMLElement>(`[data-row="${index}"]`)
    if (row !== null) row.focus()
    else if (framesLeft > 0) requestAnimationFrame(() => focus(framesLeft - 1))
  }
  focus(10)
}
