import { once } from 'node:events'
import { createServer } from 'node:http'
import { systemClock } from '@gatehouse/kernel/clock'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MonitorType } from '../monitor-types/monitor-types.ts'
import { parseConfig, toLookTask } from '../monitor-types/watch.ts'
import { type CheckPool, createCheckPool } from './check-pool.ts'
import type { CheckTask } from './check-task.ts'

const data = { egressAllow: '127.0.0.1', dnsServers: [], trustedCertificates: [] }

function checkOf(type: MonitorType, config: object): CheckTask {
  const parsed = parseConfig(type, config)
  if (!parsed.success) throw parsed.error
  return { task: toLookTask(parsed.watch, {}), degradedAfterMs: null, freshName: false, orgId: 'org' }
}

let pool: CheckPool | undefined
afterEach(() => pool?.stop())

describe('threads that check', () => {
  const site = createServer((_request, response) => response.end('all is well'))
  let port = 0
  beforeAll(async () => {
    site.listen(0, '127.0.0.1')
    await once(site, 'listening')
    const address = site.address()
    if (address === null || typeof address === 'string') throw new Error('The site has a port')
    port = address.port
  })
  afterAll(() => site.close())

  it('look, judge, and give every check its own result', async () => {
    const threads = createCheckPool(systemClock, data, 2)
    pool = threads
    const url = `http://127.0.0.1:${port}/`
    const keywords = ['all', 'is', 'well', 'ill', 'good']
    const runs = await Promise.all(keywords.map((keyword) => threads.run(checkOf('http', { url, keyword }))))
    expect(runs.map(({ looked }) => looked.outcome)).toEqual(['up', 'up', 'up', 'down', 'down'])
    for (const { looked, startedAtMs, endedAtMs } of runs) {
      expect(looked.remoteAddress).toBe('127.0.0.1')
      expect(endedAtMs).toBe(startedAtMs + looked.phases.totalMs)
    }
  })

  it('own-errors-are-told-as-ours: an error of ours comes back with its cause', async () => {
    pool = createCheckPool(systemClock, data, 1)
    const check = checkOf('http', { url: `http://127.0.0.1:${port}/` })
    // No config can hold such a header: only a slip of ours could bring it here.
    Object.assign(check.task.config, { headers: { 'user-agent': 'x' } })
    const { looked, error } = await pool.run(check)
    expect(looked).toMatchObject({ outcome: 'unknown', code: 'internal_error' })
    expect(error).toMatchObject({ message: expect.stringContaining('user-agent') })
  })
})

/** A thread that does this with every check that it is given. */
function threadThat(does: string): URL {
  const text = `import { parentPort } from 'node:worker_threads'
    parentPort.on('message', ({ id }) => { ${does} })`
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`)
}
const tcp = checkOf('tcp', { hostname: '127.0.0.1', port: 1 })

describe('a thread that dies', () => {
  it.each([
    ['while it checks', threadThat('process.exit(3)'), 'A thread that checks ended with status 3'],
    ['by an error', threadThat("throw new Error('a slip')"), 'a slip'],
    ['before it can check', new URL("data:text/javascript,throw new Error('no start')"), 'no start'],
  ])('%s gives its checks back as ours, and the next check a new thread', async (_when, file, message) => {
    pool = createCheckPool(systemClock, data, 1, file)
    for (let round = 0; round < 2; round += 1) {
      const runs = await Promise.all([pool.run(tcp), pool.run(tcp)])
      for (const run of runs) {
        expect(run).toMatchObject({ looked: { outcome: 'unknown', code: 'internal_error' } })
        expect(run.error).toMatchObject({ message })
      }
    }
  })
})

describe('a time-out', () => {
  const timingOut = (loopLateMs: number): URL =>
    threadThat(`
      const phases = { dnsMs: null, connectMs: 1, tlsMs: null, ttfbMs: null, downloadMs: null, totalMs: 1000 }
      const looked = { outcome: 'down', code: 'response_timeout', values: { seconds: 1 }, phases,
        remoteAddress: '192.0.2.1', statusCode: null }
      parentPort.postMessage({ id, startedMs: 0, probed: { looked }, loopLateMs: ${loopLateMs} })`)

  it.each([
    [250, 'down', 'response_timeout'],
    [251, 'unknown', 'node_overloaded'],
  ])('seen by a thread that was %d ms late is %s', async (lateMs, outcome, code) => {
    pool = createCheckPool(systemClock, data, 1, timingOut(lateMs))
    expect((await pool.run(tcp)).looked).toMatchObject({ outcome, code, phases: { totalMs: 1_000 } })
  })
})
