import { useEffect } from 'preact/hooks'

/** When an overlay closes, returns the focus to the element that opened it, or else to the page's heading. */
export function useReturnFocus(): void {
  useEffect(() => {
    const opener = document.activeElement
    return () => giveFocusBack(opener)
  }, [])
}

export function giveFocusBack(opener: Element | null): void {
  const menu = opener?.closest('details')?.querySelector('summary')
  for (const place of [
    opener,
    menu,
    document.querySelector('#content h1'),
    document.querySelector('#content'),
  ]) {
    // Hidden or removed elements cannot take the focus.
    if (!(place instanceof HTMLElement) || place === document.body || !place.isConnected) continue
    place.focus({ preventScroll: true })
    if (document.activeElement === place) return
  }
}
