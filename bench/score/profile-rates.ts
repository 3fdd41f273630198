import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alone, type Measured } from '../figure.ts'
import { quantile } from '../statistics.ts'
import { startWholeServer, withoutLimits } from '../whole-server.ts'

const sizes = [
  { name: 'score-profile-0.1x', interactions: 1_000 },
  { name: 'score-profile', interactions: 10_000 },
  { name: 'score-profile-10x', interactions: 100_000 },
]
const reads = 10_000
const atOnce = 4
const goals = { p99Ms: 5, firstMs: 20 }
const historyDays = 400
const dayMs = 86_400_000

/** Reads of a profile over HTTP, with the floor and the limits off: what the handler costs, and a little more. */
export async function measureProfiles(note: (text: string) => void): Promise<readonly Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-profile-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const server = await startWholeServer(folder, 'oversight', { wrapService: withoutLimits })
  try {
    const { key } = await server.addTenant('profiles')
    const measured: Measured[] = []
    for (const { name, interactions } of sizes) {
      note(`score: a profile of ${interactions.toLocaleString('en')} decisions on ${historyDays} days`)
      const operator = `of-${interactions}`
      await fill(server.origin, key, operator, interactions, Date.now())
      const read = async (): Promise<number> => {
        const startedMs = performance.now()
        const response = await fetch(`${server.origin}/v1/operator/${operator}/profile`, {
          headers: { 'x-api-key': key },
        })
        await response.arrayBuffer()
        if (response.status !== 200) throw new Error(`A profile was answered with ${response.status}`)
        return performance.now() - startedMs
      }
      for (let at = 0; at < 200; at += 1) await read()
      const latenciesMs: number[] = []
      const lane = async (): Promise<void> => {
        while (latenciesMs.length < reads) latenciesMs.push(await read())
      }
      await Promise.all(Array.from({ length: atOnce }, lane))
      // The state is as of yesterday then, as at the first read of a day.
      await server.db.pool.query('UPDATE oversight.operator_state SET as_of_day = as_of_day - 1')
      const firstMs = await read()
      const p99 = quantile(latenciesMs, 0.99)
      note(`score: p50 ${quantile(latenciesMs, 0.5).toFixed(2)} ms`)
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
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
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
