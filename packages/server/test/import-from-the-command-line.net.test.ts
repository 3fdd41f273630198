import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request as ask } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'
import { programEnv } from './fixtures/program-env.ts'
import { listenHttp } from './fixtures/sinks.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const patienceMs = 300_000

let server: ComposedServer
let folder: string
let key: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-import-'))
  server = await composeServer()
  const ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'oversight')
}, patienceMs)
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

function start(...options: readonly string[]) {
  return startAt(server.origin, ...options)
}

function startAt(origin: string, ...options: readonly string[]) {
  const child = spawn(process.execPath, [main, 'oversight', 'import', '--json', ...options], {
    cwd: folder,
    env: { ...programEnv(), GATEHOUSE_URL: origin, GATEHOUSE_API_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [said, noted] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (noted += chunk))
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, said, noted }))
  return { child, ended }
}

function toCsv(from: number, to: number, session: string): string {
  const rows = Array.from({ length: to - from + 1 }, (_, at) => {
    const number = from + at
    return `op-${number % 5},financial,${session}-${number},true,true,${1_000 + number},accepted,0,standard,true,2026-01-01T00:00:00Z`
  })
  return rows.join('\n')
}

const header =
  'user,domain,session_id,ai_recommendation_presented,ai_available,time_to_decision_ms,decision,modification_extent,scenario_type,outcome_correct,client_ts'

it(
  'a file of CSV is counted line by line, what cannot be is written beside it, and the exit code says so',
  async () => {
    const file = join(folder, 'past.csv')
    const odd = 'op-1,financial,odd,true,true,soon,accepted,0,standard,true,2026-01-01T00:00:00Z'
    await writeFile(file, `${header}\n${toCsv(1, 20, 'csv')}\n${odd}\n${toCsv(21, 30, 'csv')}\n`)
    const { code, said, noted } = await start('--file', 'past.csv', '--map', 'operator_id=user').ended
    expect({ code, noted }).toMatchObject({
      code: 3,
      noted: expect.stringContaining('rejects.ndjson') as string,
    })
    expect(JSON.parse(said)).toMatchObject({
      state: 'finished',
      lines_committed: 31,
      counted: 30,
      rejected: 1,
    })
    expect(await readFile(`${file}.rejects.ndjson`, 'utf8')).toContain('"line":21')
    await expect(stat(`${file}.import.json`)).rejects.toThrow('ENOENT')

    const again = await start('--file', 'past.csv', '--map', 'operator_id=user').ended
    expect(JSON.parse(again.said)).toMatchObject({ counted: 0, duplicates: 30 })
  },
  patienceMs,
)

it(
  'an import that was killed goes on where it was, and counts every line once',
  async () => {
    const file = join(folder, 'long.csv')
    const lines = 20_000
    await writeFile(file, `${header}\n${toCsv(1, lines, 'long')}\n`)
    const first = start('--file', 'long.csv', '--map', 'operator_id=user')
    const readId = async (): Promise<string> => {
      const text = await readFile(`${file}.import.json`, 'utf8').catch(() => '')
      return text === '' ? '' : (JSON.parse(text) as { id: string }).id
    }
    const often = { interval: 20, timeout: 120_000 }
    await expect.poll(readId, often).not.toBe('')
    const id = await readId()
    const countLines = async (): Promise<number> => {
      const { import: job } = await server.client.ask<{ import: { lines_committed: number } }>(
        `/v1/imports/${id}`,
        { headers: { 'x-api-key': key } },
      )
      return job.lines_committed
    }
    await expect.poll(countLines, often).toBeGreaterThan(0)
    first.child.kill('SIGKILL')
    await first.ended
    const { code, said, noted } = await start('--file', 'long.csv', '--map', 'operator_id=user').ended
    expect({ code, noted }).toMatchObject({ code: 0, noted: expect.stringContaining('Going on') as string })
    expect(JSON.parse(said)).toMatchObject({
      import_id: id,
      lines_committed: lines,
      counted: lines,
      duplicates: 0,
    })
  },
  patienceMs,
)

it(
  'an import outlasts a way to the server that breaks each call once',
  async () => {
    const broken = new Set<string>()
    // The first of its kind never gets its answer, as when a load balancer is replaced.
    const way = await listenHttp((request, response) => {
      const { method, headers, url = '' } = request
      const kind = `${method} ${url.replace(/\?.*/, '').replace(/[0-9A-Z]{26}/, 'one')}`
      const forward = ask(`${server.origin}${url}`, { method, headers }, (answer) => {
        if (method !== 'POST' || url.endsWith('/finish'))
          if (!broken.has(kind)) {
            broken.add(kind)
            answer.resume()
            return void request.socket.destroy()
          }
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      forward.on('error', () => request.socket.destroy())
      request.pipe(forward)
    })
    try {
      const odd = 'op-1,financial,odd-2,true,true,soon,accepted,0,standard,true,2026-01-01T00:00:00Z'
      await writeFile(join(folder, 'cut.csv'), `${header}\n${toCsv(1, 20, 'cut')}\n${odd}\n`)
      const { code, said, noted } = await startAt(
        `http://127.0.0.1:${way.port}`,
        '--file',
        'cut.csv',
        '--map',
        'operator_id=user',
      ).ended
      expect({ code, noted }).toMatchObject({ code: 3 })
      expect(JSON.parse(said)).toMatchObject({ lines_committed: 21, counted: 20, rejected: 1, duplicates: 0 })
      expect(new Set([...broken].map((kind) => kind.split('/').at(-1)))).toEqual(
        new Set(['one', 'lines', 'finish', 'rejects']),
      )
    } finally {
      await way.stop()
    }
  },
  patienceMs,
)
