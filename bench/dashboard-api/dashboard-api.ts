import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@gatehouse/kernel/clock'
import { uptimePolicy } from '../../packages/server/src/services/uptime/policy.ts'
import { alone, type Benchmark, type Measured } from '../figure.ts'
import { median, quantile } from '../statistics.ts'
import { startWholeServer, type WholeServer } from '../whole-server.ts'
import { type Ask, fillOrg, openPast } from './fill-org.ts'
import { listScreenCalls, type ScreenCall } from './screen-calls.ts'

const sizes = [
  { multiple: 1, monitors: 100 },
  { multiple: 10, monitors: 1_000 },
  { multiple: 100, monitors: 10_000 },
] as const
const rounds = 15
const pausedAtOnce = 200
const roundsOfPauses = 5
const goals = { slowestMs: 300, medianMs: 50 }
const password = 'a long one for a bench'

type Timed = ScreenCall & {
  readonly medianMs: number
  /** Of the server and of whoever asks, which are one process; without PostgreSQL. */
  readonly cpuMs: number
  readonly bytes: number
}

/**
 * P10: every call with which a screen reads, one after the other as one person's browser does, of organisations that differ by
 * their monitors alone; all with a history of 90 days. Nothing beside it does the same, so it stands alone.
 */
export const dashboardApi: Benchmark = async ({ note }) => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  // A person may ask so often in a minute; here a minute has passed before each call.
  let aheadMs = 0
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + aheadMs }
  const passMinute = (): void => {
    aheadMs += 61_000
  }
  const server = await startWholeServer(folder, 'uptime', { clock })
  try {
    await openPast(server.db)
    const measured: Measured[] = []
    for (const { multiple, monitors } of sizes) {
      const name = `${monitors}`
      const { orgId } = await server.addTenant(name)
      const ask = await signIn(server, `${name}@example.com`, passMinute)
      note(`dashboard-api: filling an organisation with ${monitors} monitors`)
      const filled = await fillOrg(server.db, orgId, ask, monitors)
      const timed = await timeCalls(ask, listScreenCalls(filled))
      measured.push(...report(multiple, monitors, timed, note))
      if (monitors >= pausedAtOnce) measured.push(await timePauses(ask, multiple, monitors))
    }
    return measured
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Pauses monitors and resumes them, as a person does who takes back what was done to a selection. */
async function timePauses(ask: Ask, multiple: number, monitors: number): Promise<Measured> {
  const page = await ask<{ monitors: readonly { id: string }[] }>(
    `/dashboard/monitors?sort=name&limit=${pausedAtOnce}`,
  )
  const ids = page.monitors.map(({ id }) => id)
  const timesMs: number[] = []
  for (let round = 0; round < roundsOfPauses; round += 1) {
    const startedMs = performance.now()
    for (const isActive of [false, true])
      for (let at = 0; at < ids.length; at += uptimePolicy.bulkIdsMax) {
        const monitorIds = ids.slice(at, at + uptimePolicy.bulkIdsMax)
        await ask('/dashboard/monitors/bulk', { monitorIds, isActive }, 'PUT')
      }
    timesMs.push(performance.now() - startedMs)
  }
  const name = `dashboard-api-pause${multiple === 100 ? '' : `-${multiple}x`}`
  const unit = `ms to pause ${pausedAtOnce} of ${monitors} monitors and resume them`
  const time = alone({ name, unit, goal: '–' }, median(timesMs), true)
  return { figure: { ...time.figure, met: null } }
}

async function signIn({ origin }: WholeServer, email: string, passMinute: () => void): Promise<Ask> {
  const asStranger = createAsk(origin, passMinute)
  const { accessToken } = await asStranger<{ accessToken: string }>('/auth/login', { email, password })
  return createAsk(origin, passMinute, accessToken)
}

function createAsk(origin: string, passMinute: () => void, credential?: string): Ask {
  return async <T>(path: string, body?: object, method = body === undefined ? 'GET' : 'POST'): Promise<T> => {
    passMinute()
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${text.slice(0, 400)}`)
    // Safe: callers name the type of the reply that the contract promises.
    return JSON.parse(text) as T
  }
}

async function timeCalls(ask: Ask, calls: readonly ScreenCall[]): Promise<readonly Timed[]> {
  const timesMs = new Map(
    calls.map(({ path }) => [path, { ms: [] as number[], cpuMs: [] as number[], bytes: 0 }]),
  )
  // In turn, so that what disturbs the machine for a while disturbs all of them.
  for (let round = -2; round < rounds; round += 1)
    for (const { path } of calls) {
      const before = process.cpuUsage()
      const startedMs = performance.now()
      const answer = await ask<unknown>(path)
      const ms = performance.now() - startedMs
      const { user, system } = process.cpuUsage(before)
      const seen = timesMs.get(path)
      if (round < 0 || seen === undefined) continue
      seen.ms.push(ms)
      seen.cpuMs.push((user + system) / 1_000)
      seen.bytes = JSON.stringify(answer).length
    }
  return calls.map((call) => {
    const { ms = [], cpuMs = [], bytes = 0 } = timesMs.get(call.path) ?? {}
    return { ...call, medianMs: median(ms), cpuMs: median(cpuMs), bytes }
  })
}

function report(
  multiple: number,
  monitors: number,
  timed: readonly Timed[],
  note: (text: string) => void,
): readonly Measured[] {
  const slowestFirst = timed.toSorted((one, other) => other.medianMs - one.medianMs)
  for (const { screen, path, medianMs, cpuMs, bytes } of slowestFirst.slice(0, 5)) {
    const costs = `${medianMs.toFixed(1)} ms, ${cpuMs.toFixed(1)} ms of CPU, ${bytes} bytes`
    note(`  ${costs}: ${screen}, ${path.slice(0, 100)}`)
  }
  const suffix = multiple === 100 ? '' : `-${multiple}x`
  const times = timed.map(({ medianMs }) => medianMs)
  const slowestMs = Math.max(...times)
  const middleMs = quantile(times, 0.5)
  const beside = `of ${timed.length} calls of screens, ${monitors} monitors × 90 days`
  return [
    alone(
      { name: `dashboard-api${suffix}`, unit: `ms, the slowest ${beside}`, goal: `< ${goals.slowestMs} ms` },
      slowestMs,
      slowestMs < goals.slowestMs,
    ),
    alone(
      {
        name: `dashboard-api-p50${suffix}`,
        unit: `ms, the median ${beside}`,
        goal: `< ${goals.medianMs} ms`,
      },
      middleMs,
      middleMs < goals.medianMs,
    ),
  ]
}
