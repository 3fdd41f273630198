import { createHash } from 'node:crypto'
import { posix } from 'node:path'

export type KeySources = {
  /** Every file, by its path from the root, with its text. */
  readonly texts: ReadonlyMap<string, string>
  /** The path that a name which is no path stands for, if it is one of these files. */
  readonly resolve: (name: string) => string | undefined
}

const taken = /\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g
const isCode = /\.[cm]?[jt]sx?$/
/** What reaches files that do not import it, and how the linter is asked. */
const isEverywhere =
  /(?:^|\/)(?:(?:package(?:-lock)?|tsconfig[^/]*|\.oxlintrc)\.json|check-lint\.ts)$|\.d\.[cm]?ts$/
const declaresForAll = /\bdeclare\s+(?:global|module)\b/

/**
 * A key for each file of code, of all that a rule about its types may depend on: its text, the text of whatever it
 * imports by however many steps, and what holds everywhere. Rather too much is taken for an import than too little.
 */
export function lintKeys({ texts, resolve }: KeySources): ReadonlyMap<string, string> {
  const paths = [...texts.keys()].toSorted()
  const numbers = new Map(paths.map((path, number) => [path, number]))
  const hashes = paths.map((path) =>
    hashOf([Buffer.from(path), Buffer.from('\0'), Buffer.from(texts.get(path) ?? '')]),
  )
  const everywhere = hashOf(
    hashes.filter((_, number) => holdsEverywhere(paths[number] ?? '', texts.get(paths[number] ?? '') ?? '')),
  )
  const imports = paths.map((path) =>
    [...(texts.get(path) ?? '').matchAll(taken)].flatMap(([, name = '']) => {
      const target = name.startsWith('.') ? posix.join(posix.dirname(path), name) : resolve(name)
      const number = target === undefined ? undefined : numbers.get(target)
      return number === undefined ? [] : [number]
    }),
  )
  return new Map(
    paths.flatMap((path, number) =>
      isCode.test(path)
        ? [[path, hashOf([everywhere, ...reach(number, imports, hashes)]).toString('base64')]]
        : [],
    ),
  )
}

/** The hashes of a file and of all that it reaches, each once, in the order of their paths. */
function reach(
  from: number,
  imports: readonly (readonly number[])[],
  hashes: readonly Buffer[],
): readonly Buffer[] {
  const reached = new Set([from])
  // A set hands out what is added to it meanwhile.
  for (const number of reached) for (const next of imports[number] ?? []) reached.add(next)
  return [...reached].toSorted((one, other) => one - other).map((number) => hashes[number] ?? Buffer.alloc(0))
}

function holdsEverywhere(path: string, text: string): boolean {
  return isEverywhere.test(path) || (isCode.test(path) && declaresForAll.test(text))
}

function hashOf(parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
