import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SpawnedServer, spawnServer } from './fixtures/spawn-server.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const patienceMs = 300_000

let server: SpawnedServer
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-guide-'))
  // As in a folder of the checkout, where the SDK is found.
  await mkdir(join(folder, 'node_modules'))
  await symlink(
    fileURLToPath(new URL('../../../node_modules/@gatehouse', import.meta.url)),
    join(folder, 'node_modules/@gatehouse'),
  )
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  server = await spawnServer({})
}, patienceMs)
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The commands of a guide, but for the one that starts the server, as one script; its programs lie beside it. */
async function readScript(name: string): Promise<string> {
  const text = await readFile(new URL(`../../../docs/guides/${name}`, import.meta.url), 'utf8')
  for (const [, file = '', program = ''] of text.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms))
    await writeFile(join(folder, file), program)
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands)
  return blocks.filter((commands) => commands !== 'npm start\n').join('\n')
}

/** Runs it as somebody in a checkout would, with the command of this source in place of the installed one. */
async function run(script: string): Promise<string> {
  const npx = `npx() { shift; '${process.execPath}' '${main}' "$@"; }\nnode() { '${process.execPath}' "$@"; }`
  const { stdout } = await promisify(execFile)(
    'bash',
    ['--norc', '-euo', 'pipefail', '-c', `${npx}\n${script}`],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], GATEHOUSE_URL: server.origin, GATEHOUSE_DATA: server.dataFolder },
    },
  )
  return stdout
}

it(
  'the oversight guide ends with a receipt that verifies, and a forged one that does not',
  async () => {
    const said = await run(await readScript('oversight.md'))
    expect(said).toContain('analyst-42 in financial: not enough decisions yet')
    expect(said).toMatch(/^receipt rcp_/m)
    expect(said).toContain('"identical":true')
    expect(said).toMatch(/^as published$/m)
    expect(said).toContain('found out')
    expect(said).toContain('3 lines: 2 counted, 0 there already, 1 rejected')
    expect(said).toMatch(/"line":3.*time_to_decision_ms/)
    expect(said).toMatch(/^rep_2026Q1_\w+ {2}2026-01-01 to 2026-03-31 {2}revision 1 {2}insufficient_data$/m)
  },
  patienceMs,
)

it(
  'the guide for agents ends with one that acted once, on the word of a person',
  async () => {
    const said = await run(await readScript('agents.md'))
    expect(said).toContain('waiting for a person: async_review')
    expect(said).toMatch(/^approve by reviewer: auto\nacting$/m)
    expect(said.match(/^acting$/gm)).toHaveLength(1)
    expect(said).toMatch(/^acted before$/m)
  },
  patienceMs,
)
