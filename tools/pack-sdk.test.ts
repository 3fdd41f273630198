import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { minify } from '@swc/core'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packSdk } from './pack-sdk.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const bytesMax = 12 * 1_024
let folder: string
let packed: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-sdk-'))
  packed = join(folder, 'sdk')
  await packSdk(packed)
}, 180_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

it('what is published passes publint and has types that every resolver finds', async () => {
  const [tarball] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], {
      cwd: packed,
      encoding: 'utf8',
    }),
  ) as [{ readonly filename: string }]
  const bytes = await readFile(join(folder, tarball.filename))
  const { messages } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer } })
  expect(messages).toEqual([])
  const judge = join(root, 'tools/judge-published-types.ts')
  const problems = execFileSync(process.execPath, [judge, join(folder, tarball.filename)], {
    encoding: 'utf8',
  })
  expect(JSON.parse(problems)).toEqual([])
}, 180_000)

it('it depends on nothing, and publishes no test and no TypeScript source', async () => {
  const manifest = JSON.parse(await readFile(join(packed, 'package.json'), 'utf8')) as object
  expect(Object.keys(manifest).filter((name) => /dependencies/i.test(name))).toEqual([])
  const files = execFileSync('find', [packed, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n')
  expect(files.filter((file) => /\.test\.|(?<!\.d)\.ts$/.test(file))).toEqual([])
})

/** Every module that an entry needs, minified, in one text: what a bundle would hold at most. */
async function bundle(entry: string): Promise<string> {
  const seen = new Map<string, string>()
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return
    const text = await readFile(file, 'utf8')
    seen.set(file, (await minify(text, { module: true, compress: true, mangle: true })).code)
    for (const [, path = ''] of text.matchAll(/from\s+['"](\.[^'"]+)['"]/g))
      await visit(resolve(dirname(file), path))
  }
  await visit(entry)
  return [...seen.values()].join('\n')
}

it.each(['index.js', 'guard/index.js'])(
  '%s is at most 12 kB, Brotli, with all that it needs',
  async (entry) => {
    const code = await bundle(join(packed, 'dist', entry))
    expect(brotliCompressSync(code).length).toBeLessThanOrEqual(bytesMax)
  },
)

it('it loads as it is published', async () => {
  const { Gatehouse } = (await import(pathToFileURL(join(packed, 'dist/index.js')).href)) as {
    Gatehouse: new (options: object) => { oversight: object }
  }
  const client = new Gatehouse({ baseUrl: 'http://127.0.0.1', apiKey: 'k' })
  expect(Object.keys(client.oversight)).toContain('gate')
})
