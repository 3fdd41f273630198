import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { graphRules } from './boundaries/graph-rules.ts'
import { sourceRules } from './boundaries/source-rules.ts'
import { checkBoundaries } from './check-boundaries.ts'

const root = join(import.meta.dirname, '..')
const fixtures = join(import.meta.dirname, 'fixtures/boundaries')
const clean = join(fixtures, 'clean')
const least = { modules: 20, crossings: 5 }
const breaches = await listBreaches()

let scratch: string

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'gatehouse-boundaries-')))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

it('every rule has a fixture that breaks it', () => {
  const rules = new Set([...graphRules, ...sourceRules].map(({ name }) => name))
  expect(new Set(breaches.map(([rule]) => rule))).toEqual(rules)
})

it('a tree that keeps the rules passes', async () => {
  expect(await checkBoundaries(await layOut('clean'), least)).toEqual([])
})

it.each(breaches)('%s bites on %s, and no other rule does', async (rule, variant) => {
  const tree = await layOut(`${rule}-${variant}`, join(fixtures, rule, variant))
  const findings = await checkBoundaries(tree, least)
  expect(new Set(findings.map((finding) => finding.rule))).toEqual(new Set([rule]))
})

it('a graph with too few modules fails, whatever it holds', async () => {
  const tree = await layOut('small')
  const [enough, tooMany] = [35, 1000]
  expect(await checkBoundaries(tree, { modules: enough, crossings: 0 })).toEqual([])
  expect(await checkBoundaries(tree, { modules: tooMany, crossings: 0 })).toMatchObject([
    { rule: 'graph-is-whole' },
  ])
})

it('a graph in which the server never reaches the kernel fails', async () => {
  const tree = await layOut('unlinked')
  await rm(join(tree, 'node_modules'), { recursive: true })
  expect((await checkBoundaries(tree, least)).map(({ rule }) => rule)).toContain('graph-is-whole')
})

it('a tree without sources fails', async () => {
  const tree = join(scratch, 'empty')
  await mkdir(join(tree, 'packages'), { recursive: true })
  expect(await checkBoundaries(tree, least)).toMatchObject([{ rule: 'graph-is-whole' }])
})

async function listBreaches(): Promise<readonly (readonly [rule: string, variant: string])[]> {
  const rules = (await readdir(fixtures)).filter((name) => name !== 'clean')
  const variants = rules.map(async (rule) =>
    (await readdir(join(fixtures, rule))).map((variant) => [rule, variant] as const),
  )
  return (await Promise.all(variants)).flat()
}

/** The clean tree with `breach` laid over it, linked together as npm links the workspaces, with their true exports. */
async function layOut(name: string, breach?: string): Promise<string> {
  const tree = join(scratch, name)
  await cp(clean, tree, { recursive: true })
  if (breach !== undefined) await cp(breach, tree, { recursive: true })
  await mkdir(join(tree, 'node_modules/@gatehouse'), { recursive: true })
  for (const workspace of ['kernel', 'server', 'sdk']) {
    await cp(
      join(root, 'packages', workspace, 'package.json'),
      join(tree, 'packages', workspace, 'package.json'),
    )
    await symlink(join('../../packages', workspace), join(tree, 'node_modules/@gatehouse', workspace))
  }
  return tree
}
