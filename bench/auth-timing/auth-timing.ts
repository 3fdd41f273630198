import { randomBytes, randomInt } from 'node:crypto'
import { Agent, request } from 'node:http'
import { alone, type Benchmark } from '../figure.ts'
import { startServerProcess } from '../server-process.ts'
import { quantile } from '../statistics.ts'
import { type Causes, causesOf } from './causes.ts'
import { welch } from './welch.ts'

const trialsPerCause = 2_000
/** Few, because the goal is that of a server with little else to do. */
const lanes = 4
const goals = { t: 4.5, floorMs: 80, p99Ms: 84 }

/** P4: whether the time of a refusal tells which of its causes it was (G3). */
export const authTiming: Benchmark = async ({ note }) => {
  note('auth-timing: starting a server whose policy holds back every answer')
  const server = await startServerProcess(new URL('./serve-floored.ts', import.meta.url))
  const agent = new Agent({ keepAlive: true, maxSockets: lanes })
  try {
    const causes = causesOf(server.headers)
    const samples = await sample(server.port, agent, causes)
    const names = Object.keys(causes)
    const of = (name: string): readonly number[] => samples.get(name) ?? []
    const ts = names.flatMap((left, index) =>
      names.slice(index + 1).map((right) => Math.abs(welch(of(left), of(right)))),
    )
    const worst = Math.max(...ts)
    const all = names.flatMap(of)
    const fastest = Math.min(...all)
    const p99s = names.map((name) => quantile(of(name), 0.99))
    const unit = `over ${names.length} causes of ${trialsPerCause.toLocaleString('en')} trials each`
    for (const name of names)
      note(
        `auth-timing: ${name.padEnd(18)} p50 ${quantile(of(name), 0.5).toFixed(2)} ms, p99 ${quantile(of(name), 0.99).toFixed(2)} ms`,
      )
    return [
      alone({ name: 'auth-timing', unit: `|t| at most, ${unit}`, goal: '< 4.5' }, worst, worst < goals.t),
      alone(
        { name: 'auth-timing-floor', unit: 'ms, the fastest answer of all', goal: '≥ 80 ms' },
        fastest,
        fastest >= goals.floorMs,
      ),
      alone(
        { name: 'auth-timing-p99', unit: 'ms, the slowest p99 of a cause', goal: '≤ 84 ms' },
        Math.max(...p99s),
        Math.max(...p99s) <= goals.p99Ms,
      ),
    ]
  } finally {
    agent.destroy()
    await server.stop()
  }
}

/** Trials of all causes in random order, some at a time, so that the machine's moods fall on all of them alike. */
async function sample(
  port: number,
  agent: Agent,
  causes: Causes,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const samples = new Map<string, number[]>(Object.keys(causes).map((name) => [name, []]))
  const order = shuffled(
    Object.entries(causes).flatMap((cause) => Array.from({ length: trialsPerCause }, () => cause)),
  )
  let next = 0
  const run = async (): Promise<void> => {
    for (let cause = order[next++]; cause !== undefined; cause = order[next++]) {
      const [name, toHeaders] = cause
      samples.get(name)?.push(await trial(port, agent, toHeaders()))
    }
  }
  await Promise.all(Array.from({ length: lanes }, run))
  return samples
}

function trial(port: number, agent: Agent, headers: Readonly<Record<string, string>>): Promise<number> {
  // Each trial has an address of its own: the limit before proof is another cause.
  const from = `198.18.${randomInt(256)}.${randomInt(1, 255)}`
  return new Promise((resolve, reject) => {
    const startedMs = performance.now()
    const asked = request(
      { host: '127.0.0.1', port, path: '/bench', agent, headers: { 'x-forwarded-for': from, ...headers } },
      (response) => {
        const tookMs = performance.now() - startedMs
        if (response.statusCode !== 401) reject(new Error(`Expected 401, got ${response.statusCode}`))
        response.resume().once('end', () => resolve(tookMs))
      },
    )
    asked.once('error', reject).end()
  })
}

function shuffled<T>(values: readonly T[]): readonly T[] {
  const keys = randomBytes(values.length * 4)
  return values
    .map((value, index) => ({ value, key: keys.readUInt32LE(index * 4) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value)
}
