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

/** One page for each theme with every picture, and of each such page a picture to look at in one go. */
export async function writeContactSheets(
  browser: Browser,
  pictures: readonly Picture[],
  folder: string,
): Promise<void> {
  for (const theme of new Set(pictures.map((picture) => picture.theme))) {
    const path = join(folder, `sheet-${theme}.html`)
    const own = pictures.filter((picture) => picture.theme === theme)
    await writeFile(path, toSheet(theme, own))
    // Beyond some thousand pictures a picture of them says nothing; the page still does.
    if (own.length > 160) continue
    const page = await browser.newPage({ viewport: { width: 1_600, height: 900 } })
    await page.goto(pathToFileURL(resolve(path)).href)
    await page.screenshot({ path: join(folder, `sheet-${theme}.png`), fullPage: true })
    await page.close()
  }
}

function toSheet(theme: string, pictures: readonly Picture[]): string {
  const cells = pictures.map(
    ({ file, screen, state, width, language, faults }) =>
      `<a href="${file}"><img src="${file}" loading="eager"><span>${screen} · ${state} · ${width} · ${language}${
        faults.length === 0 ? '' : ` · ${faults.length} faults`
      }</span></a>`,
  )
  return `<!doctype html><meta charset="utf-8"><title>Screens, ${theme}</title><style>
body { margin: 16px; background: ${theme === 'dark' ? '#000' : '#ddd'}; font: 12px sans-serif }
main { display: grid; grid-template-columns: repeat(auto-fill, 380px); gap: 16px }
a { display: block; color: ${theme === 'dark' ? '#ccc' : '#222'} }
img { display: block; width: 100%; height: 260px; object-fit: cover; object-position: top }
</style><main>${cells.join('\n')}</main>`
}
