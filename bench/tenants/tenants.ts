import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answerPath } from '../gate/answer.ts'
import { type Benchmark, compare, type Measured } from '../figure.ts'
import { load, type Target } from '../load.ts'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { median, type Pair, quantile } from '../statistics.ts'

/** Enough answers that a p99 is not the one worst of them. */
const quiet = { connections: 4, seconds: 6, perSecond: 40 }
const multiples = [1, 10, 100]
const roundsMeasured = 5
const growthMax = 1.2

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
      const pairs: Pair[] = []
      while (pairs.length < roundsMeasured)
        pairs.push({ ours: await growth(ours, multiple, note), peer: await growth(peer, multiple, note) })
      measured.push(report(multiple, pairs))
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

/** The p99 of the quiet caller beside the busy one, as a multiple of what it is alone. */
async function growth(callers: Callers, multiple: number, note: (text: string) => void): Promise<number> {
  const p99 = async (): Promise<number> => quantile((await load(callers.quiet, quiet)).latenciesMs, 0.99)
  const alone = await p99()
  const stop = await startNeighbour(callers.neighbour, multiple)
  const beside = await p99()
  await stop()
  note(`tenants: p99 ${alone.toFixed(2)} ms alone, ${beside.toFixed(2)} ms beside`)
  return beside / alone
}

function report(multiple: number, pairs: readonly Pair[]): Measured {
  const medians = {
    ours: median(pairs.map((pair) => pair.ours)),
    peer: median(pairs.map((pair) => pair.peer)),
  }
  const about = {
    name: multiple === 100 ? 'tenants' : `tenants-${multiple}x`,
    unit: `× the quiet organisation's own p99, beside ${multiple} × its load`,
    goal: `< ${growthMax}`,
    peerName: 'bare Fastify',
  }
  return compare(about, pairs, medians, () => medians.ours < growthMax)
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
