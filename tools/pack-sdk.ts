import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, filesIn, pointAtJavaScript } from './pack-kernel.ts'

const source = fileURLToPath(new URL('../packages/sdk', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(source, 'dist'))
  await packSdk(folder)
  console.log(`The SDK is in ${folder}: npm publish ${folder}`)
}

/** Builds the SDK as it is published: JavaScript with types for each of its entries, and its README. */
export async function packSdk(folder: string): Promise<void> {
  const dist = await compile(source, folder)
  for (const file of await filesIn(dist)) if (file.endsWith('.d.ts')) await pointAtJavaScript(file)
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await toManifest(), null, 2)}\n`)
}

async function toManifest(): Promise<object> {
  // Safe: it is the workspace's own manifest, whose exports are paths.
  const {
    exports,
    devDependencies: _tools,
    ...about
  } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string>>
    readonly devDependencies: unknown
  }
  const entries = Object.entries(exports).map(([name, path]) => {
    const place = path.replace('./src/', './dist/').replace(/\.ts$/, '')
    return [name, { types: `${place}.d.ts`, default: `${place}.js` }] as const
  })
  return {
    ...about,
    engines: { node: '>=20' },
    files: ['dist'],
    exports: { ...Object.fromEntries(entries), './package.json': './package.json' },
  }
}
