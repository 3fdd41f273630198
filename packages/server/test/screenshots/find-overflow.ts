import type { Page } from 'playwright-core'

/** What hangs over the right edge of the page, unless it lies in something that scrolls by itself. */
const pageFinder = `(() => {
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

/** Controls that something around them cuts off: a text may end in an ellipsis, a button may not. */
const controlFinder = `(() => {
  const cutBy = (control) => {
    for (let at = control.parentElement; at !== null && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at)
      if (/auto|scroll/.test(style.overflowX)) return undefined
      if (!/hidden|clip/.test(style.overflowX)) continue
      const { left, right } = at.getBoundingClientRect()
      // What is there for screen readers alone is a pixel wide.
      if (right - left <= 1) return undefined
      const end = right - Number.parseFloat(style.paddingRight) - Number.parseFloat(style.borderRightWidth)
      if (control.getBoundingClientRect().right > end + 0.1) return at
    }
    return undefined
  }
  const shown = [...document.body.querySelectorAll('button, select, input, textarea')].filter(
    (control) => control.checkVisibility({ visibilityProperty: true }) && cutBy(control) !== undefined,
  )
  return shown.slice(0, 3).map((control) => 'cut off: ' + control.outerHTML.slice(0, 160))
})()`

export async function findOverflow(page: Page): Promise<readonly string[]> {
  return [...(await page.evaluate<string[]>(pageFinder)), ...(await page.evaluate<string[]>(controlFinder))]
}
