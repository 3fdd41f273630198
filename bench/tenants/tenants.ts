import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answerPath } from '../gate/answer.ts'
import { alone, type Benchmark, type Measured } from '../figure.ts'
import { load, type Target } from '../load.ts'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { quantile } from '../statistics.ts'

const quiet = { connections: 4, seconds: 10, perSecond: 40 }
const multiples = [1, 10, 100]
/** 2,000 answers a figure: of fewer, a p99 is a handful of the worst. */
const roundsMeasured = 5
const addedMsMax = 1

type Callers = { readonly quiet: Target; readonly neighbour: Target }

/**
 * P16: what one organisation at 100 times the load does to the answers of another; beside what the same load does to the
 * callers of a bare Fastify, who share the machine and nothing else.
 */
export const tenants: Benchmark = async ({ note }) => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const env = { GATEHOUSE_DATA: join(folder, 'data') }
  const server = await startServerProcess(new URL('../gate/serve-gatehouse.ts', import.meta.url), env)
  const bare = await startServerProcess(new URL('../gate/serve-fastify.ts', import.meta.url))
  try {
    const ours = toCallers(server)
    const peer = toCallers(bare)
    for (const { quiet: target } of [ours, peer]) await load(target, { connections: 16, seconds: 3 })
    const measured: Measured[] = []
    for (const multiple of multiples) {
      note(`tenants: a neighbour at ${multiple} times the load of the quiet one`)
      const latenciesMs: { readonly ours: number[]; readonly peer: number[] } = { ours: [], peer: [] }
      for (let round = 0; round < roundsMeasured; round += 1) {
        latenciesMs.ours.push(...(await besideNeighbour(ours, multiple)))
        await server.settle()
        latenciesMs.peer.push(...(await besideNeighbour(peer, multiple)))
      }
      measured.push(report(multiple, quantile(latenciesMs.ours, 0.99), quantile(latenciesMs.peer, 0.99)))
    }
    return measured
  } finally {
    await server.stop()
    await bare.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function toCallers({ port, headers, neighbour }: ServerProcess): Callers {
  return {
    quiet: { port, path: answerPath, headers },
    neighbour: { port, path: answerPath, headers: neighbour },
  }
}

async function besideNeighbour(callers: Callers, multiple: number): Promise<readonly number[]> {
  const stop = await startNeighbour(callers.neighbour, multiple)
  const { latenciesMs } = await load(callers.quiet, quiet)
  await stop()
  return latenciesMs
}

function report(multiple: number, ours: number, peer: number): Measured {
  const about = {
    name: multiple === 100 ? 'tenants' : `tenants-${multiple}x`,
    unit: `ms added to the p99 of a quiet organisation beside ${multiple} × its load`,
    goal: `< ${addedMsMax} ms over bare Fastify`,
  }
  return alone(about, ours - peer, ours - peer < addedMsMax)
}

/** Its load comes from a process of its own, so that measuring does not wait for it. */
async function startNeighbour(target: Target, multiple: number): Promise<() => Promise<void>> {
  const child = fork(fileURLToPath(new URL('./press.ts', import.meta.url)))
  const started = once(child, 'message')
  child.send({ target, shape: { connections: 32, seconds: 60, perSecond: quiet.perSecond * multiple } })
  await started
  return async () => {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
}
