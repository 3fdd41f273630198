/**
 * After navigation, focuses the page's heading, for users of screen readers and keyboards. If the heading is not
 * rendered yet, the page itself is focused, and `isHeadingAwaited` tells the heading to take the focus later.
 */
export function focusPage(): void {
  const page = document.querySelector<HTMLElement>('#content')
  const heading = page?.querySelector<HTMLElement>('h1')
  scrollTo(0, 0)
  ;(heading ?? page)?.focus({ preventScroll: true })
}

let isFirst = true

/** False for the first heading after the app was opened, where reading starts at the top. */
export function isHeadingAwaited(): boolean {
  const wasFirst = isFirst
  isFirst = false
  const { activeElement } = document
  return !wasFirst && (activeElement === document.body || activeElement?.id === 'content')
}
