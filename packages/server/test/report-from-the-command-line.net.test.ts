import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, proveAnew, setUpOwner } from './fixtures/people.ts'
import { programEnv } from './fixtures/program-env.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const patienceMs = 300_000
const period = ['--from', '2026-01-01', '--to', '2026-03-31']

let server: ComposedServer
let folder: string
let key: string
let readerKey: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-report-'))
  server = await composeServer()
  const ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'oversight')
  const { apiKey } = await server.client.ask<{ apiKey: { key: string } }>('/dashboard/api-keys', {
    credential: ann.accessToken,
    headers: await proveAnew(server.client, ann),
    body: { name: 'reader', service: 'oversight', scopes: ['reports:read'] },
  })
  readerKey = apiKey.key
}, patienceMs)
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function report(options: readonly string[], by = key) {
  const child = spawn(process.execPath, [main, 'oversight', 'report', ...options], {
    cwd: folder,
    env: { ...programEnv(), GATEHOUSE_URL: server.origin, GATEHOUSE_API_KEY: by },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [said, noted] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (noted += chunk))
  await once(child, 'close')
  return { code: child.exitCode, said, noted }
}

type Listed = {
  readonly report_id: string
  readonly hash: string
  readonly period: { readonly closed: boolean }
}

it(
  'the report of a period that is over is the same bytes each time, and those that the chain has the hash of',
  async () => {
    const first = await report(period)
    expect(first).toMatchObject({ code: 0, noted: '' })
    expect(JSON.parse(first.said)).toMatchObject({ period: { start: '2026-01-01', closed: true } })
    expect(await report(period)).toEqual(first)
    const { said } = await report(['--list', '--json'], readerKey)
    const [listed] = JSON.parse(said) as Listed[]
    expect(listed?.hash).toBe(createHash('sha256').update(first.said).digest('hex'))
    expect(await report(['--id', listed?.report_id ?? ''], readerKey)).toEqual(first)
    const again = await report([...period, '--new'])
    expect(JSON.parse(again.said)).toMatchObject({ revision: 2, replaces: listed?.report_id })
    const { said: lines } = await report(['--list'])
    expect(lines).toContain(`${listed?.report_id}  2026-01-01 to 2026-03-31  revision 1  insufficient_data`)
  },
  patienceMs,
)

it(
  'goes to a file as what its ending says, in the language asked for, and no file is written over',
  async () => {
    const written = await report([...period, '--out', 'q1.pdf', '--json'])
    expect(JSON.parse(written.said)).toMatchObject({ file: join(folder, 'q1.pdf') })
    expect((await readFile(join(folder, 'q1.pdf'))).subarray(0, 5).toString()).toBe('%PDF-')
    expect(await report([...period, '--out', 'q1.html', '--lang', 'ja'])).toMatchObject({ code: 0, said: '' })
    expect(await readFile(join(folder, 'q1.html'), 'utf8')).toContain('<html lang="ja">')
    const refused = await report([...period, '--out', 'q1.pdf'])
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.noted).toContain('is there already, and is kept')
  },
  patienceMs,
)

it.each<[what: string, options: readonly string[], code: number, sentence: string]>([
  ['half a period', ['--from', '2026-01-01'], 2, '--from and --to go together'],
  ['a revision of nothing', ['--new'], 2, '--new needs --from and --to'],
  ['a report and a period', ['--id', 'rep_1', ...period], 2, '--id names a report'],
  ['a list of a period', ['--list', ...period], 2, '--list goes alone'],
  ['another form', [...period, '--out', 'q1.docx'], 2, '--out must end in .json, .html or .pdf'],
  ['a language of JSON', [...period, '--out', 'x.json', '--lang', 'ja'], 2, '--lang goes with a page'],
  ['a language that nobody wrote', ['--lang', 'fr', '--out', 'x.html'], 2, '--lang must be en or ja'],
  ['no day', ['--from', 'soon', '--to', '2026-03-31'], 1, 'period_start: must be a date such as 2026-06-30'],
  ['a report that is not there', ['--id', 'rep_1'], 1, 'gatehouse oversight report:'],
])('%s is refused, and nothing is made', async (_what, options, code, sentence) => {
  const said = await report(options)
  expect(said).toMatchObject({ code, said: '' })
  expect(said.noted).toContain(sentence)
})

it('a key that may only read makes none', async () => {
  const { code, noted } = await report([], readerKey)
  expect(code).toBe(1)
  expect(noted).toContain('reports:write')
})
