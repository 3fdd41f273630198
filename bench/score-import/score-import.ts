import { request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { alone, type Benchmark } from '../figure.ts'
import { startServerProcess } from '../server-process.ts'
import { verifyScores } from '../score/verify-scores.ts'

const lines = 1_000_000
const operators = 64
const goals = { perSecond: 15_000, growthBytes: 64 * 1_048_576 }
const sampleEveryMs = 500
const dayMs = 86_400_000

/** P12, its import: one file of a million decisions in one stream, counted, receipted and in the chain. */
export const scoreImport: Benchmark = async ({ profilePath, note }) => {
  const server = await startServerProcess(new URL('../score/serve-scores.ts', import.meta.url))
  try {
    const { folder = '', ...keys } = server.headers
    const [[orgId, key] = ['', '']] = Object.entries(keys)
    const ask = async (method: string, path: string, body?: object): Promise<Imported> => {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
        method,
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}`)
      // Safe: it is the reply of an import, and only these members are read.
      return (await response.json()) as Imported
    }
    const { import: job } = await ask('POST', '/v1/imports', { name: 'bench', expected_lines: lines })
    // What the first lines load is not the import's.
    await send(server.port, key, job.import_id, 1, 2_000)
    const idleBytes = await server.residentBytes()
    if (profilePath !== undefined) await server.startProfile()
    let mostBytes = idleBytes
    let isOver = false
    const watch = (async () => {
      while (!isOver) {
        mostBytes = Math.max(mostBytes, await server.residentBytes())
        await new Promise((resolve) => setTimeout(resolve, sampleEveryMs))
      }
    })()
    const startedMs = performance.now()
    await send(server.port, key, job.import_id, 2_001, lines)
    const seconds = (performance.now() - startedMs) / 1_000
    isOver = true
    await watch
    if (profilePath !== undefined) await server.writeProfile(profilePath)
    const { import: done } = await ask('POST', `/v1/imports/${job.import_id}/finish`)
    if (done.counted !== lines) throw new Error(`${lines} lines were sent, but ${done.counted} were counted`)
    await verifyScores(folder, [orgId])
    note('score-import: the chain verifies, sums are those of a refold')
    const rate = (lines - 2_000) / seconds
    const growth = mostBytes - idleBytes
    return [
      alone(
        { name: 'score-import', unit: 'lines/s, committed', goal: '≥ 15,000' },
        rate,
        rate >= goals.perSecond,
      ),
      alone(
        { name: 'score-import-memory', unit: 'MiB resident beyond idle, at most', goal: '≤ 64' },
        growth / 1_048_576,
        growth <= goals.growthBytes,
      ),
    ]
  } finally {
    await server.stop()
  }
}

type Imported = { readonly import: { readonly import_id: string; readonly counted: number } }

async function send(port: number, key: string, id: string, from: number, to: number): Promise<void> {
  const nowMs = Date.now()
  const toLine = (number: number): string =>
    `${JSON.stringify({
      operator_id: `op-${number % operators}`,
      domain: 'financial',
      session_id: `line-${number}`,
      ai_recommendation_presented: true,
      ai_available: true,
      time_to_decision_ms: 800 + 137 * (number % 97),
      decision: number % 4 === 0 ? 'rejected' : 'accepted',
      modification_extent: 0,
      scenario_type: 'standard',
      hover_events: number % 4,
      scroll_depth: 0.4,
      alternative_views_checked: number % 3,
      outcome_correct: number % 5 !== 0,
      client_ts: new Date(nowMs - 300 * dayMs + Math.floor((number / lines) * 299 * dayMs)).toISOString(),
    })}\n`
  function* texts(): Generator<string> {
    for (let number = from; number <= to; number += 100) {
      let text = ''
      for (let at = number; at <= Math.min(to, number + 99); at += 1) text += toLine(at)
      yield text
    }
  }
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const sent = request(
    {
      port,
      host: '127.0.0.1',
      method: 'PUT',
      path: `/v1/imports/${id}/lines?from_line=${from}`,
      headers: { 'x-api-key': key, 'content-type': 'application/x-ndjson' },
    },
    (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    },
  )
  sent.on('error', reject)
  await pipeline(Readable.from(texts()), sent)
  const status = await promise
  if (status !== 200) throw new Error(`The lines were answered with ${status}`)
}
