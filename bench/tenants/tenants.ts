import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answerPath } from '../gate/answer.ts'
import { alone, type Benchmark } from '../figure.ts'
import { load, type Target } from '../load.ts'
import { startServerProcess } from '../server-process.ts'
import { median, quantile } from '../statistics.ts'

/** Enough answers that a p99 is not the one worst of them. */
const quiet = { connections: 4, seconds: 8, perSecond: 40 }
const multiples = [1, 10, 100]
const roundsMeasured = 5
const changeMax = 0.2

/** P16: what one organisation at 100 times the load does to the answers of another. */
export const tenants: Benchmark = async ({ note }) => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const server = await startServerProcess(new URL('../gate/serve-gatehouse.ts', import.meta.url), {
    GATEHOUSE_DATA: join(folder, 'data'),
  })
  try {
    const { port, headers, neighbour } = server
    const target = { port, path: answerPath, headers }
    await load(target, { connections: 16, seconds: 3 })
    const p99 = async (): Promise<number> => quantile((await load(target, quiet)).latenciesMs, 0.99)
    const measured = []
    for (const multiple of multiples) {
      note(`tenants: a neighbour at ${multiple} times the load of the quiet one`)
      const alonePerRound: number[] = []
      const changes: number[] = []
      while (changes.length < roundsMeasured) {
        const before = await p99()
        const stop = await startNeighbour({ port, path: answerPath, headers: neighbour }, multiple)
        const beside = await p99()
        await stop()
        alonePerRound.push(before)
        changes.push(beside / before - 1)
      }
      const change = median(changes)
      note(
        `tenants: p99 alone ${median(alonePerRound).toFixed(2)} ms, change ${changes.map((one) => `${(one * 100).toFixed(0)} %`).join(', ')}`,
      )
      const about = {
        name: multiple === 100 ? 'tenants' : `tenants-${multiple}x`,
        unit: `change of the quiet organisation's p99 beside ${multiple} × its load`,
        goal: '< 0.2',
      }
      measured.push(alone(about, change, change < changeMax))
    }
    return measured
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
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
