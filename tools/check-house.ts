import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findDesignLiterals } from './find-design-literals.ts'
import { type Finding, report } from './finding.ts'
import { listFiles } from './list-files.ts'

type File = { readonly path: string; readonly lines: readonly string[] }
type HouseRule = {
  readonly name: string
  readonly judge: (file: File) => readonly (readonly [line: number, detail: string])[]
}

const linesMax = 400
/** The verifier ships with every export as one file, so that nothing of it can be elsewhere. */
const shipsAlone = 'packages/kernel/src/audit/verify-audit.mjs'
const linesMaxAlone = 500
const kindFolder = /(?:^|\/)(utils?|helpers?|common|types|managers?|misc|shared|lib)\//
const source = /\.(?:ts|tsx|mjs|js|sql|css)$/
const untrackedPromise = /(?:\/\/|\/\*|^\s*\*|--\s).*\b(?:TODO|FIXME|XXX|HACK)\b(?!\s*\(?#\d)/
const doubleCast = /\bas unknown as\b/
const suppression = /@ts-(?:ignore|nocheck|expect-error(?!\s+\S))|(?:oxlint|eslint)-disable(?!.*\s--\s\S)/
const patienceMs = 60_000
const patience = /\b(?:timeout: |set(?:Navigation|Default|DefaultNavigation)Timeout\()(\d[\d_]*)/
const stopwatch = /\bexpect\(.*\b(?:performance|Date)\.now\(\) -.*\.toBeLess/
const said =
  /^packages\/(?:cli|dashboard|server)\/src\/(?!.*\.test\.tsx?$)(?!.*\/(?:fixtures|migrations|simulator)\/)/
const spacedPercent = /(?:\d|\}) %/
/** A published client's sentence, which the wire repeats as it is. */
const wireSentence = 'packages/server/src/services/volatility/domain/stories.ts'
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
    judge: ({ path, lines }) => {
      const most = path === shipsAlone ? linesMaxAlone : linesMax
      return source.test(path) && lines.length > most
        ? [[most, `${lines.length} lines, at most ${most}`]]
        : []
    },
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
    name: 'test-waits-for-the-event',
    judge: (file) => (/\.test\.tsx?$/.test(file.path) ? hastyLines(file) : []),
  },
  {
    name: 'look-is-a-token',
    judge: ({ path, lines }) => findDesignLiterals(path, lines),
  },
  {
    name: 'percent-is-one-form',
    judge: ({ path, lines }) =>
      lines.flatMap((line, index) =>
        said.test(path) &&
        path !== wireSentence &&
        spacedPercent.test(line) &&
        !/^\s*(?:\/[/*]|\*)/.test(line)
          ? [[index + 1, 'is written 79.4%, without a space, in both languages']]
          : [],
      ),
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
  const files = listFiles(root, except).map((path) => ({
    path,
    lines: source.test(path) ? readFileSync(join(root, path), 'utf8').trimEnd().split('\n') : [],
  }))
  const found = files.flatMap((file) =>
    houseRules.flatMap(({ name, judge }) =>
      judge(file).map(([line, detail]) => ({ rule: name, where: `${file.path}:${line}`, detail })),
    ),
  )
  return [...found, ...findUnreadFigures(files)]
}

const figures = /(?:^|\/)(?:policy|plans)\.ts$/
const ofTests = /\.test\.tsx?$|\/(?:testing|test|tools)\/|^tools\//
const member = /(?:^|[{,])\s*(?:(\w+)|'([\w-]+)'): /g

function isPlan(path: string, line: string): boolean {
  return path.endsWith('/plans.ts') && line.endsWith(': {')
}

/** A figure that no code reads says something that the server does not do. */
function findUnreadFigures(files: readonly File[]): readonly Finding[] {
  const readers = files.filter(({ path }) => source.test(path) && !ofTests.test(path))
  const words = new Map(readers.map(({ path, lines }) => [path, new Set(lines.join('\n').match(/[\w-]+/g))]))
  return files
    .filter(({ path }) => figures.test(path) && !ofTests.test(path))
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, index) =>
        // A comment may look like a member, and the name of a plan is what somebody bought.
        [...(/^\s*(?:\/[/*]|\*)/.test(line) || isPlan(path, line) ? [] : line.matchAll(member))]
          .map(([, bare, quoted]) => bare ?? quoted ?? '')
          .filter((name) => ![...words].some(([reader, read]) => reader !== path && read.has(name)))
          .map((name) => ({
            rule: 'figure-is-read',
            where: `${path}:${index + 1}`,
            detail: `no code reads “${name}”`,
          })),
      ),
    )
}

function eachLine(offends: (line: string) => boolean, detail: string): HouseRule['judge'] {
  return ({ lines }) => lines.flatMap((line, index) => (offends(line) ? [[index + 1, detail]] : []))
}

/** What is quick on an idle machine is slow on a busy one, where a test has to pass as well. */
function hastyLines({ lines }: File): ReturnType<HouseRule['judge']> {
  return lines.flatMap((line, index): ReturnType<HouseRule['judge']> => {
    const [, ms = ''] = patience.exec(line) ?? []
    if (ms !== '' && Number(ms.replaceAll('_', '')) < patienceMs)
      return [[index + 1, `gives up after less than ${patienceMs / 1_000} s; wait for the event`]]
    return stopwatch.test(line)
      ? [[index + 1, 'says how long something takes, which is a figure of the benchmarks']]
      : []
  })
}

function isSafeLine(line: string): boolean {
  return line.includes('// Safe: ')
}

if (import.meta.main) {
  // The guard's own test is full of what it forbids, and nobody writes the SDK's types.
  const except = ['tools/fixtures', 'tools/check-house.test.ts', 'packages/sdk/src/wire.ts']
  report('check-house', checkHouse(join(import.meta.dirname, '..'), except))
}
