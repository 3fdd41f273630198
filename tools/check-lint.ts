import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { lintKeys } from './lint-keys.ts'
import { listFiles } from './list-files.ts'

// Rules about types take most of the time of a check. A file in which nothing was found is looked at again once its own
// text, or that of anything it imports by however many steps, is another; an install forgets all of it.
const root = realpathSync(join(import.meta.dirname, '..'))
const cleanFile = join(root, 'node_modules/.cache/lint/clean.json')
const lint = ['--type-aware', '--deny-warnings', '--disable-nested-config', '--no-error-on-unmatched-pattern']
const isRead = /\.(?:[cm]?[jt]sx?|json)$/
/** With more than these, to name each is of no use. */
const namedMax = 200

const keys = lintKeys({ texts: readTexts(), resolve })
const clean = readClean()
const changed = [...keys].filter(([, key]) => !clean.has(key)).map(([path]) => path)
if (changed.length > 0) {
  const named = changed.length > namedMax ? [] : changed
  const { status } = spawnSync('oxlint', [...lint, ...named], { cwd: root, stdio: 'inherit' })
  if (status === 0) writeClean([...keys.values()])
  process.exitCode = status ?? 1
}

function readTexts(): ReadonlyMap<string, string> {
  const paths = listFiles(root).filter((path) => isRead.test(path))
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

function resolve(name: string): string | undefined {
  if (!name.startsWith('@gatehouse/')) return undefined
  try {
    return relative(root, fileURLToPath(import.meta.resolve(name))).replaceAll(sep, '/')
  } catch {
    // Written in a text or a fixture, and no import of ours.
    return undefined
  }
}

function readClean(): ReadonlySet<string> {
  if (!existsSync(cleanFile)) return new Set()
  return new Set(z.array(z.string()).parse(JSON.parse(readFileSync(cleanFile, 'utf8'))))
}

function writeClean(found: readonly string[]): void {
  mkdirSync(dirname(cleanFile), { recursive: true })
  writeFileSync(cleanFile, JSON.stringify(found))
}
