import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, report } from './finding.ts'
import { listFiles } from './list-files.ts'

type File = { readonly path: string; readonly lines: readonly string[] }
type HouseRule = {
  readonly name: string
  readonly judge: (file: File) => readonly (readonly [line: number, detail: string])[]
}

const linesMax = 400
const kindFolder = /(?:^|\/)(utils?|helpers?|common|types|managers?|misc|shared|lib)\//
const source = /\.(?:ts|tsx|mjs|js|sql|css)$/
const untrackedPromise = /(?:\/\/|\/\*|^\s*\*|--\s).*\b(?:TODO|FIXME|XXX|HACK)\b(?!\s*\(?#\d)/
const doubleCast = /\bas unknown as\b/
const suppression = /@ts-(?:ignore|nocheck|expect-error(?!\s+\S))|(?:oxlint|eslint)-disable(?!.*\s--\s\S)/
const moduleMock = /\bvi\.(?:do)?[mM]ock\(/

/** What the linter cannot judge and is cheap to see. Each rule quotes STYLE.md. */
const houseRules: readonly HouseRule[] = [
  {
    name: 'folder-is-a-concept',
    judge: ({ path }) => {
      const kind = kindFolder.exec(path)?.[1]
      return kind === undefined
        ? []
        : [[1, `“${kind}” says what kind of thing is inside, not what it is about`]]
    },
  },
  {
    name: 'file-is-small',
    judge: ({ path, lines }) =>
      source.test(path) && lines.length > linesMax
        ? [[linesMax, `${lines.length} lines, at most ${linesMax}`]]
        : [],
  },
  {
    name: 'promise-has-an-issue',
    judge: eachLine((line) => untrackedPromise.test(line), 'names no issue: write #123 after it'),
  },
  {
    name: 'cast-says-why',
    judge: ({ path, lines }) =>
      lines.flatMap((line, index) =>
        source.test(path) &&
        doubleCast.test(line) &&
        !lines.slice(Math.max(0, index - 3), index + 1).some(isSafeLine)
          ? [[index + 1, 'needs a “// Safe:” line that can be checked']]
          : [],
      ),
  },
  {
    name: 'nothing-is-silenced',
    judge: eachLine((line) => suppression.test(line), 'needs its reason behind it, or a fix'),
  },
  {
    name: 'no-module-mocks',
    judge: eachLine((line) => moduleMock.test(line), 'fakes are for clock, randomness and network'),
  },
  {
    name: 'sql-file-is-a-migration',
    judge: ({ path }) =>
      path.endsWith('.sql') && !/\/migrations\/\d{4}_[a-z0-9_]+\.sql$/.test(path)
        ? [[1, 'belongs in migrations/, as 0001_what_it_does.sql']]
        : [],
  },
]

/** Looks at every file under `root` but those in the folders `except`. */
export function checkHouse(root: string, except: readonly string[] = []): readonly Finding[] {
  return listFiles(root, except)
    .map((path) => ({
      path,
      lines: source.test(path) ? readFileSync(join(root, path), 'utf8').trimEnd().split('\n') : [],
    }))
    .flatMap((file) =>
      houseRules.flatMap(({ name, judge }) =>
        judge(file).map(([line, detail]) => ({ rule: name, where: `${file.path}:${line}`, detail })),
      ),
    )
}

function eachLine(offends: (line: string) => boolean, detail: string): HouseRule['judge'] {
  return ({ lines }) => lines.flatMap((line, index) => (offends(line) ? [[index + 1, detail]] : []))
}

function isSafeLine(line: string): boolean {
  return line.includes('// Safe: ')
}

if (import.meta.main) {
  // The guard's own test is full of what it forbids.
  const except = ['tools/fixtures', 'tools/check-house.test.ts']
  report('check-house', checkHouse(join(import.meta.dirname, '..'), except))
}
