import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'

export type Picture = {
  readonly file: string
  readonly screen: string
  readonly state: string
  readonly theme: string
  readonly width: number
  readonly language: string
  readonly faults: readonly string[]
}

/** As many as are still told apart when they are looked at in one go: of a desk in two columns, of a phone in six. */
const onSheet = { wide: 6, narrow: 12 } as const

/** One page for each theme with every picture, and pictures of some at a time: of one theme, one width, one state and one language. */
export async function writeContactSheets(
  browser: Browser,
  pictures: readonly Picture[],
  folder: string,
): Promise<void> {
  for (const [theme, own] of Map.groupBy(pictures, (picture) => picture.theme))
    await writeFile(join(folder, `sheet-${theme}.html`), toSheet(theme, own))
  const page = await browser.newPage({ viewport: { width: 1_680, height: 900 } })
  const path = join(folder, 'sheet.html')
  const groups = Map.groupBy(
    pictures,
    ({ state, theme, width, language }) => `${state}-${theme}-${width}-${language}`,
  )
  for (const [name, own] of groups) {
    const step = own.some(({ width }) => width < 800) ? onSheet.narrow : onSheet.wide
    for (let from = 0; from < own.length; from += step) {
      await writeFile(path, toSheet(name, own.slice(from, from + step)))
      await page.goto(pathToFileURL(resolve(path)).href)
      const sheet = join(folder, `sheet-${name}-${from / step + 1}.png`)
      await page.screenshot({ path: sheet, fullPage: true })
    }
  }
  await page.close()
}

function toSheet(title: string, pictures: readonly Picture[]): string {
  const cells = pictures.map(
    ({ file, screen, state, width, language, faults }) =>
      `<a href="${file}" class="${width < 800 ? 'narrow' : ''}"><span>${screen} · ${state} · ${width} · ${language}${
        faults.length === 0 ? '' : ` · ${faults.length} faults`
      }</span><span class="cut"><img src="${file}" loading="eager"></span></a>`,
  )
  // Cut at the bottom alone: what is small would be told wrong if its sides were missing.
  return `<!doctype html><meta charset="utf-8"><title>Screens, ${title}</title><style>
body { margin: 16px; background: #777; font: 12px sans-serif }
main { display: flex; flex-wrap: wrap; gap: 16px }
a { width: 800px; color: #fff }
a.narrow { width: 256px }
.cut { display: block; height: 620px; overflow: hidden }
.narrow .cut { height: 640px }
img { display: block; width: 100% }
</style><main>${cells.join('\n')}</main>`
}
