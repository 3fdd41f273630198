import { afterEach, describe, expect, it } from 'vitest'
import { builtInPresets } from '../domain/built-in-presets.ts'
import { GrowingHistory } from '../domain/growing-history.ts'
import { BudgetSpent, type ComputePool, createComputePool } from './compute-pool.ts'

let pool: ComputePool | undefined
afterEach(() => pool?.stop())

const usualBudgetMs = 60_000

function threadThat(does: string): URL {
  const text = `import { parentPort } from 'node:worker_threads'
    parentPort.on('message', (task) => { ${does} })
    parentPort.postMessage({ ready: true })`
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`)
}

const history = new GrowingHistory('1m')
const bars = {
  openMs: Float64Array.from({ length: 400 }, (_, minute) => minute * 60_000),
  closes: Float64Array.from({ length: 400 }, (_, minute) => (minute < 300 ? 100 : 101)),
}
for (let minute = 0; minute < 400; minute += 1) history.push(bars, minute)
const input = { history: history.view(), thresholds: builtInPresets.balanced, lookbackDays: 1 }

describe('threads that compute', () => {
  it('give what the same function gives here, of columns that they share', async () => {
    pool = createComputePool(usualBudgetMs, 1)
    const [matrix, durations] = await Promise.all([pool.run('matrix', input), pool.run('durations', input)])
    expect(matrix.counts.normal.high).toBe(1)
    expect(durations.current?.regime).toBe('normal')
  })

  it('an error there is an error here, and the thread goes on', async () => {
    pool = createComputePool(
      usualBudgetMs,
      1,
      threadThat(`parentPort.postMessage(task.name === 'matrix'
        ? { done: false, error: new Error('a slip') } : { done: true, value: 7 })`),
    )
    await expect(pool.run('matrix', input)).rejects.toThrow('a slip')
    expect(await pool.run('durations', input)).toBe(7)
  })

  it('a thread that dies rejects what it had, and the next task gets a new one', async () => {
    pool = createComputePool(usualBudgetMs, 1, threadThat(`process.exit(3)`))
    for (let round = 0; round < 2; round += 1)
      await expect(pool.run('matrix', input)).rejects.toThrow('ended with status 3')
  })

  it('what takes longer than its budget is given up, and what waited behind it is computed', async () => {
    pool = createComputePool(
      50,
      1,
      threadThat(
        `if (task.name === 'matrix') for (;;); else parentPort.postMessage({ done: true, value: 7 })`,
      ),
    )
    const slow = pool.run('matrix', input)
    const next = pool.run('durations', input)
    await expect(slow).rejects.toThrow(BudgetSpent)
    expect(await next).toBe(7)
  })
})
