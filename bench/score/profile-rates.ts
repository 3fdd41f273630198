import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { Agent, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServiceModule } from '../../packages/server/src/service/define-service.ts'
import { alone, type Measured } from '../figure.ts'
import { median, quantile } from '../statistics.ts'
import { startWholeServer, withoutLimits } from '../whole-server.ts'

const sizes = [
  { name: 'score-profile-0.1x', interactions: 1_000 },
  { name: 'score-profile', interactions: 10_000 },
  { name: 'score-profile-10x', interactions: 100_000 },
]
const reads = 10_000
const firstReads = 9
const atOnce = 4
const goals = { p99Ms: 5, firstMs: 20 }
const historyDays = 400
const dayMs = 86_400_000

/** Reads of a profile over HTTP, with the floor and the limits off: how long the handler takes, from its call to its reply. */
export async function measureProfiles(note: (text: string) => void): Promise<readonly Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-profile-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  let handlerMs: number[] = []
  const server = await startWholeServer(folder, 'oversight', {
    wrapService: (service) => withTimes(withoutLimits(service), (ms) => handlerMs.push(ms)),
  })
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  try {
    const { key } = await server.addTenant('profiles')
    const measured: Measured[] = []
    for (const { name, interactions } of sizes) {
      note(`score: a profile of ${interactions.toLocaleString('en')} decisions on ${historyDays} days`)
      const operator = `of-${interactions}`
      await fill(server.origin, key, operator, interactions, Date.now())
      const url = `${server.origin}/v1/operator/${operator}/profile`
      const read = async (): Promise<number> => {
        const startedMs = performance.now()
        // Safe: a response is all that this event comes with.
        const [response] = (await once(get(url, { agent, headers: { 'x-api-key': key } }), 'response')) as [
          IncomingMessage,
        ]
        if (response.statusCode !== 200) throw new Error(`A profile was answered with ${response.statusCode}`)
        await once(response.resume(), 'end')
        return performance.now() - startedMs
      }
      for (let at = 0; at < 200; at += 1) await read()
      handlerMs = []
      const wireMs: number[] = []
      const lane = async (): Promise<void> => {
        for (let at = 0; at < reads / atOnce; at += 1) wireMs.push(await read())
      }
      await Promise.all(Array.from({ length: atOnce }, lane))
      const [p50, p99] = [quantile(handlerMs, 0.5), quantile(handlerMs, 0.99)]
      note(
        `score: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms; with what is before and after the handler, ` +
          `p50 ${quantile(wireMs, 0.5).toFixed(2)} ms, p99 ${quantile(wireMs, 0.99).toFixed(2)} ms`,
      )
      // The state is as of yesterday then, as at the first read of a day; reads leave it so.
      await server.db.pool.query('UPDATE oversight.operator_state SET as_of_day = as_of_day - 1')
      handlerMs = []
      for (let at = 0; at < firstReads; at += 1) await read()
      const firstMs = median(handlerMs)
      measured.push(
        alone(
          { name, unit: `ms, p99 of a read at ${interactions.toLocaleString('en')}`, goal: '< 5 ms' },
          p99,
          p99 < goals.p99Ms,
        ),
        alone(
          { name: `${name}-first`, unit: 'ms, first read of a new day', goal: '≤ 20 ms' },
          firstMs,
          firstMs <= goals.firstMs,
        ),
      )
    }
    return measured
  } finally {
    agent.destroy()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The same service, whose handler of profiles says how long each call took. */
function withTimes(service: ServiceModule, took: (ms: number) => void): ServiceModule {
  const endpoints = service.endpoints.map((bound) =>
    bound.endpoint.id !== 'getOperatorProfile'
      ? bound
      : {
          ...bound,
          handle: async (...given: Parameters<typeof bound.handle>): Promise<unknown> => {
            const startedMs = performance.now()
            const result = await bound.handle(...given)
            took(performance.now() - startedMs)
            return result
          },
        },
  )
  return { ...service, endpoints }
}

async function fill(
  origin: string,
  key: string,
  operator: string,
  interactions: number,
  nowMs: number,
): Promise<void> {
  for (let from = 0; from < interactions; from += 100) {
    const items = Array.from({ length: 100 }, (_, at) => {
      const daysAgo = Math.floor(((interactions - from - at - 1) / interactions) * historyDays)
      return {
        ai_recommendation_presented: true,
        ai_available: true,
        time_to_decision_ms: 800 + 137 * ((at * at) % 97),
        decision: at % 4 === 0 ? 'rejected' : 'accepted',
        modification_extent: 0,
        scenario_type: 'standard',
        hover_events: at % 4,
        scroll_depth: 0.4,
        alternative_views_checked: at % 3,
        outcome_correct: at % 5 !== 0,
        client_ts: new Date(nowMs - daysAgo * dayMs).toISOString(),
      }
    })
    const response = await fetch(`${origin}/v1/score/batch`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({
        session_id: `${operator}-${from}`,
        operator_id: operator,
        domain: 'financial',
        interactions: items,
      }),
    })
    if (response.status !== 200)
      throw new Error(`A batch was answered with ${response.status}: ${await response.text()}`)
  }
}
