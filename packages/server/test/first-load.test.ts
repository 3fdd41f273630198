import { randomBytes } from 'node:crypto'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildDashboard } from './fixtures/dashboard-browser.ts'

const bytesMax = 100_000
const built = fileURLToPath(new URL('../../dashboard/dist/', import.meta.url))
let folder: string

beforeAll(async () => {
  await buildDashboard()
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-first-load-'))
  cpSync(built, folder, { recursive: true })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('the-first-load-is-small: all script that a first screen needs is at most 100 kB', () => {
  const { files, bytes } = readFirstLoad()
  expect(files.length).toBeGreaterThan(1)
  expect(files.some((file) => file.startsWith('uPlot'))).toBe(false)
  expect(bytes).toBeLessThanOrEqual(bytesMax)
})

it('what an entry imports counts, however deep it is', () => {
  const before = readFirstLoad()
  const deepest = before.files.at(-1) ?? ''
  writeFileSync(join(folder, 'assets/heavy.js'), `//${randomBytes(bytesMax).toString('base64')}`)
  const path = join(folder, 'assets', deepest)
  writeFileSync(path, `import"./heavy.js";${readFileSync(path, 'utf8')}`)
  const after = readFirstLoad()
  expect(after.files).toContain('heavy.js')
  expect(after.bytes).toBeGreaterThan(bytesMax)
})

/** The scripts that the page names, and all that they import without waiting, as they travel. */
function readFirstLoad(): { readonly files: readonly string[]; readonly bytes: number } {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const waiting = [...page.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/g)].map(([, file = '']) => file)
  const files = new Set<string>()
  let bytes = 0
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (files.has(file)) continue
    files.add(file)
    const text = readFileSync(join(folder, 'assets', file))
    bytes += brotliCompressSync(text).length
    const imports = text.toString().matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g)
    waiting.push(...[...imports].map(([, imported = '']) => imported))
  }
  return { files: [...files], bytes }
}
