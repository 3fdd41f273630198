import { useEffect } from 'preact/hooks'

/** Gives the focus back, when what is shown over a page goes, to what opened it; or else to the page's heading. */
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
    // What is hidden or gone takes no focus.
    if (!(place instanceof HTMLElement) || place === document.body || !place.isConnected) continue
    place.focus({ preventScroll: true })
    if (document.activeElement === place) return
  }
}
