// Cuts the fonts of the Japanese report down to the signs that its words need. After a word of the report was changed:
// npm ci --prefix tools/report-fonts && node tools/report-fonts/cut.mjs
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import subsetFont from 'subset-font'
import { signsOfReport } from '../../packages/server/src/services/oversight/pages/signs-of-report.ts'

const own = new URL('../../packages/server/src/services/oversight/pages/fonts/', import.meta.url)
const source = new URL('./node_modules/@fontsource/noto-sans-jp/', import.meta.url)

// Plain TrueType: the library that writes the PDF unpacks a packed font anew for every sign. Lines run from left to right,
// and no sign depends on its neighbours.
const unused = ['BASE', 'GPOS', 'GSUB', 'STAT', 'vhea', 'vmtx']

for (const weight of [400, 700]) {
  const whole = await readFile(new URL(`files/noto-sans-jp-japanese-${weight}-normal.woff`, source))
  const cut = await subsetFont(whole, signsOfReport(), { targetFormat: 'truetype', dropTables: unused })
  await writeFile(new URL(`noto-sans-jp-${weight}.ttf`, own), cut)
  console.log(`${fileURLToPath(own)}noto-sans-jp-${weight}.ttf  ${cut.length} bytes`)
}
// The licence goes with the font.
await copyFile(new URL('LICENSE', source), new URL('LICENSE', own))
