import { execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'packages/kernel')
const isTestPlace = /(?:^|\/)(?:testing|fixtures)(?:\/|$)|\.test\.ts$/
/** What the compiler does not carry over. */
const isAsset = /\.(?:sql|mjs|d\.mts)$/

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(root, 'packages/kernel/dist'))
  await packKernel(folder)
  console.log(`The kernel is in ${folder}: npm publish ${folder}`)
}

/** Builds the kernel as it is published: JavaScript with types for each concept, its migrations, and its README. */
export async function packKernel(folder: string): Promise<void> {
  const dist = await compile(source, folder)
  await copyAssets(join(source, 'src'), dist)
  for (const file of await filesIn(dist)) if (file.endsWith('.d.ts')) await pointAtJavaScript(file)
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await toManifest(dist), null, 2)}\n`)
}

/** Compiles a workspace into an empty folder, beside its README and the licence; gives the place of the code. */
export async function compile(workspace: string, folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  const dist = join(folder, 'dist')
  await mkdir(dist, { recursive: true })
  execFileSync(
    join(root, 'node_modules/.bin/tsc'),
    ['-p', join(workspace, 'tsconfig.build.json'), '--outDir', dist],
    { stdio: 'inherit' },
  )
  await cp(join(workspace, 'README.md'), join(folder, 'README.md'))
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  return dist
}

async function copyAssets(from: string, to: string): Promise<void> {
  for (const file of await filesIn(from)) {
    const place = relative(from, file)
    if (!isAsset.test(place) || isTestPlace.test(place)) continue
    await mkdir(dirname(join(to, place)), { recursive: true })
    await cp(file, join(to, place))
  }
}

/** The compiler rewrites the endings of imports in JavaScript, but not in declarations. */
export async function pointAtJavaScript(file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replaceAll(/(['"])(\.{1,2}\/[^'"]+)\.ts\1/g, '$1$2.js$1'))
}

async function toManifest(dist: string): Promise<object> {
  // Safe: it is the workspace's own manifest.
  const { name, version, description, license, dependencies } = JSON.parse(
    await readFile(join(source, 'package.json'), 'utf8'),
  ) as Record<string, unknown>
  const concepts = (await readdir(dist, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
  const exports = Object.fromEntries(
    concepts.map((concept) => [
      `./${concept}`,
      { types: `./dist/${concept}/index.d.ts`, default: `./dist/${concept}/index.js` },
    ]),
  )
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines: { node: '>=24' },
    sideEffects: false,
    files: ['dist'],
    exports: { ...exports, './package.json': './package.json' },
    dependencies,
  }
}

export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
