import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyPosture, withLocalInstance } from '../../packages/server/src/local/index.ts'
import { alone, type Benchmark, compare } from '../figure.ts'
import { load, type LoadShape } from '../load.ts'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { median, type Pair } from '../statistics.ts'

const connections = 16
const warmUp: LoadShape = { connections, seconds: 5 }
const slice: LoadShape = { connections, seconds: 5 }
/** Before and after the run: as many slices each. */
const slicesBeside = 6
const path = '/api/v1/services'
const goals = { ratio: 0.95, seconds: 300, cpuShare: 5 }

/** What a run over every claim takes from everybody else: the gate's throughput with one beside it, and without. */
export const postureCost: Benchmark = async ({ note }) => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-posture-cost-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const file = new URL('./serve-posture.ts', import.meta.url)
  const server = await startServerProcess(file, { POSTURE_FOLDER: folder })
  try {
    await press(server, warmUp)
    note('posture-cost: a run over everything, with nothing beside it')
    const cpuBefore = await server.cpuMs()
    const quiet = await probeAll(folder)
    const cpuShare = ((await server.cpuMs()) - cpuBefore) / quiet.seconds / 10
    note(`posture-cost: ${quiet.text}`)
    note('posture-cost: the gate alone, then with a run beside it, then alone')
    const before = await pressOften(server, () => false)
    let isOver = false
    const beside = probeAll(folder).finally(() => {
      isOver = true
    })
    const [run, during] = await Promise.all([beside, pressOften(server, () => !isOver)])
    note(`posture-cost: ${run.text}`)
    const without = [...before, ...(await pressOften(server, () => false))]
    const pairs = during.map((ours): Pair => ({ ours, peer: median(without) }))
    const about = { name: 'posture-cost', unit: 'requests/s of the gate' }
    return [
      compare(
        { ...about, goal: '≥ 0.95 of without', peerName: 'without a run beside it' },
        pairs,
        { ours: mean(during), peer: median(without) },
        () => mean(during) / median(without) >= goals.ratio,
      ),
      alone(
        { name: 'posture-cost-run', unit: 's for a run over everything, beside the load', goal: '≤ 300 s' },
        run.seconds,
        run.seconds <= goals.seconds,
      ),
      alone(
        { name: 'posture-cost-idle', unit: 's for a run over everything, alone', goal: '≤ 300 s' },
        quiet.seconds,
        quiet.seconds <= goals.seconds,
      ),
      alone(
        { name: 'posture-cost-cpu', unit: '% of one CPU during a run, alone', goal: '≤ 5' },
        cpuShare,
        cpuShare <= goals.cpuShare,
      ),
    ]
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** As `gatehouse posture verify` does it: the server that runs probes itself. */
async function probeAll(folder: string): Promise<{ readonly seconds: number; readonly text: string }> {
  const env = { GATEHOUSE_DATA: join(folder, 'data') }
  return withLocalInstance({ env, folder, progress: () => undefined }, async (local) => {
    const startedMs = performance.now()
    const results = await verifyPosture(local, {
      only: undefined,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    })
    const seconds = (performance.now() - startedMs) / 1_000
    const count = (of: string): number => results.filter(({ verdict }) => verdict === of).length
    const failing = results.flatMap(({ claim, verdict, because }) =>
      verdict === 'fails' ? [`${claim} (${because})`] : [],
    )
    const counts = `${count('holds')} hold, ${count('fails')} fail, ${count('unknown')} unknown`
    return { seconds, text: [counts, ...failing].join('; ') }
  })
}

async function press({ port, headers }: ServerProcess, shape: LoadShape): Promise<number> {
  const { requests, seconds } = await load({ port, path, headers }, shape)
  return requests / seconds
}

/** At least as many slices as beside a run, and more while that is wanted. */
async function pressOften(server: ServerProcess, wantsMore: () => boolean): Promise<readonly number[]> {
  const rates: number[] = []
  while (rates.length < slicesBeside || wantsMore()) rates.push(await press(server, slice))
  return rates
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
