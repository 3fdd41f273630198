import { brotliCompressSync, gzipSync } from 'node:zlib'
import { Problem } from '@gatehouse/kernel/problem'
import { parseJsonBody } from '../../packages/server/src/http/read-body.ts'
import { describeModules } from '../../packages/server/src/openapi.ts'
import { alone, type Benchmark } from '../figure.ts'
import { median } from '../statistics.ts'
import { hostileBodies } from './hostile-bodies.ts'

const rounds = 1
const timesEach = 4
const msMax = 5
const bytesCounted = 100_000

/** H1: what the worst body costs the event loop, over every endpoint that takes one, for each 100 KB or part of it. */
export const bodies: Benchmark = async ({ note }) => {
  const endpoints = describeModules().flatMap((module) => module.endpoints)
  let worst = { ms: 0, what: '' }
  for (const { method, path, body } of endpoints) {
    if (body === undefined) continue
    for (const [what, text] of hostileBodies) {
      const bytes = Buffer.from(text)
      const parts = Math.max(1, bytes.length / bytesCounted)
      const ms =
        median(Array.from({ length: rounds }, () => timeOf(() => parseJsonBody(body, bytes)))) / parts
      if (ms > worst.ms) worst = { ms, what: `${what} to ${method} ${path}` }
    }
  }
  note(`bodies: the worst is ${worst.what}`)
  const smallest = Math.min(...hostileBodies.map(([, text]) => gzipSync(text).length))
  note(
    `bodies: the smallest is ${smallest} bytes of gzip, ${brotliCompressSync(hostileBodies[0]?.[1] ?? '').length} of br`,
  )
  return [
    alone(
      { name: 'bodies', unit: 'ms of the loop for 100 KB of the worst body', goal: `< ${msMax}` },
      worst.ms,
      worst.ms < msMax,
    ),
  ]
}

function timeOf(parse: () => unknown): number {
  // Of this thread alone, since a busy machine must not make a body look dearer; its clock is coarse, so of several.
  const before = process.threadCpuUsage()
  for (let time = 0; time < timesEach; time += 1) {
    try {
      parse()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
    }
  }
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000 / timesEach
}
