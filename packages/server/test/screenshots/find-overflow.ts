import type { Page } from 'playwright-core'

/** What hangs over the right edge of the page, unless it lies in something that scrolls by itself. */
const finder = `(() => {
  const edge = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= edge) return []
  const scrolls = (element) => {
    for (let at = element.parentElement; at !== null && at !== document.body; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== 'visible') return true
    return false
  }
  const wide = [...document.body.querySelectorAll('*')].filter(
    (element) => element.getBoundingClientRect().right > edge + 1 && !scrolls(element),
  )
  const innermost = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)))
  return innermost.slice(0, 3).map((element) => element.outerHTML.slice(0, 160)).concat('the page is too wide')
})()`

export async function findOverflow(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(finder)
}
