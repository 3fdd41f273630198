import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { graphRules } from './boundaries/graph-rules.ts'
import { readSource } from './boundaries/read-source.ts'
import { judgeSource, sourceRules } from './boundaries/source-rules.ts'
import { type Finding, report } from './finding.ts'
import { listFiles } from './list-files.ts'

/** A graph smaller than this was not read, whatever it says about rules. */
export type Least = { readonly modules: number; readonly crossings: number }

/** Far below today's tree, far above what is left when a parser or a resolver gives up. */
const least: Least = { modules: 150, crossings: 50 }

// The dashboard has no place in the graph: it may only import itself and the SDK, which a source rule judges.
const inGraph = /^packages\/(?:(?:kernel|server|sdk|cli)\/src|server\/test)\/.+\.ts$/
const inSources = /^packages\/[^/]+\/(?:src|test)\/.+\.tsx?$/

/** Holds the tree under `root` against the dependency rule of ARCHITECTURE.md. */
export async function checkBoundaries(root: string, atLeast: Least): Promise<readonly Finding[]> {
  const files = listFiles(join(root, 'packages')).map((path) => `packages/${path}`)
  return [
    ...(await judgeGraph(
      root,
      files.filter((path) => inGraph.test(path)),
      atLeast,
    )),
    ...judgeSources(
      root,
      files.filter((path) => inSources.test(path)),
    ),
  ]
}

async function judgeGraph(
  root: string,
  files: readonly string[],
  atLeast: Least,
): Promise<readonly Finding[]> {
  if (files.length === 0) return [{ rule: 'graph-is-whole', where: 'packages/', detail: 'holds no source' }]
  const { modules, summary } = await readGraph(root, files)
  const seen = new Set(modules.map(({ source }) => source))
  const crossings = modules
    .filter(({ source }) => source.startsWith('packages/server/'))
    .flatMap(({ dependencies }) => dependencies)
    .filter(({ resolved }) => resolved.startsWith('packages/kernel/')).length
  return [
    ...files.filter((path) => !seen.has(path)).map((where) => broken(where, 'is missing from the graph')),
    ...(seen.size < atLeast.modules ? [broken('packages/', `only ${seen.size} modules were read`)] : []),
    ...(crossings < atLeast.crossings
      ? [broken('packages/', `only ${crossings} imports of the kernel by the server were seen`)]
      : []),
    ...summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      where: from,
      detail: `must not import ${cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ')} (${commentOf(rule.name)})`,
    })),
  ]
}

async function readGraph(root: string, files: readonly string[]): Promise<ICruiseResult> {
  const { output } = await cruise(
    [...files],
    {
      baseDir: root,
      // TypeScript 7 has no JavaScript API that dependency-cruiser could parse with.
      parser: 'swc',
      validate: true,
      ruleSet: { forbidden: [...graphRules] },
      exclude: { path: 'node_modules/(?!@gatehouse/)' },
    },
    {
      conditionNames: ['import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.json'],
    },
  )
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text')
  return output
}

function judgeSources(root: string, files: readonly string[]): readonly Finding[] {
  return files.flatMap((path) => {
    const source = readSource(root, path)
    return sourceRules.flatMap((rule) =>
      judgeSource(rule, source).map((offence) => ({
        rule: rule.name,
        where: path,
        detail: `must not use ${offence} (${rule.comment})`,
      })),
    )
  })
}

function broken(where: string, detail: string): Finding {
  return { rule: 'graph-is-whole', where, detail }
}

function commentOf(name: string): string {
  return graphRules.find((rule) => rule.name === name)?.comment ?? ''
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  if (!existsSync(join(root, 'node_modules/@gatehouse/kernel'))) throw new Error('Run npm ci first.')
  report('check-boundaries', await checkBoundaries(root, least))
}
