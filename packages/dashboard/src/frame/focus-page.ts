/**
 * After a change of page: its heading, so that whoever reads by ear or by keyboard is where the news is. A page whose
 * heading comes later is focused itself meanwhile, and `isHeadingAwaited` says so to the heading.
 */
export function focusPage(): void {
  const page = document.querySelector<HTMLElement>('#content')
  const heading = page?.querySelector<HTMLElement>('h1')
  scrollTo(0, 0)
  ;(heading ?? page)?.focus({ preventScroll: true })
}

let isFirst = true

/** False for the first heading since the app was opened: there a reader begins at the top. */
export function isHeadingAwaited(): boolean {
  const wasFirst = isFirst
  isFirst = false
  const { activeElement } = document
  return !wasFirst && (activeElement === document.body || activeElement?.id === 'content')
}
