import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { breaks } from './broken-builds/areas.ts'
import type { Break } from './broken-builds/break.ts'
import { copyRepository } from './broken-builds/copy-repository.ts'
import { judgeBroken, judgeWhole, type Verdict } from './broken-builds/judge-run.ts'
import { runTests } from './broken-builds/run-tests.ts'

const root = join(import.meta.dirname, '..')
/** Long enough for the slowest row on a busy machine. */
const rowMsMax = 400_000

process.exitCode = await main(process.argv.slice(2))

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !breaks.some(({ promise }) => promise === name))
  if (unknown !== undefined) {
    console.error(`There is no promise named ${unknown}`)
    console.error('usage: npm run broken-builds [-- <promise>…]')
    return 2
  }
  const chosen = names.length === 0 ? breaks : breaks.filter(({ promise }) => names.includes(promise))
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())
  const copy = copyRepository(root)
  try {
    return await proveAll(copy, chosen, interrupted.signal)
  } finally {
    // What was stopped may be writing its last.
    rmSync(copy, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
}

/** Breaks one promise after another in the copy, and prints a line of the table as each is judged. */
async function proveAll(copy: string, chosen: readonly Break[], signal: AbortSignal): Promise<number> {
  const startedMs = performance.now()
  const whole = await runWhole(copy, chosen, signal)
  let caught = 0
  for (const row of chosen) {
    if (signal.aborted) break
    const rowStartedMs = performance.now()
    const unbroken = whole(row.promise)
    const verdict = unbroken.holds ? await proveOne(copy, row, signal) : unbroken
    if (verdict.holds) caught += 1
    const seconds = toSeconds(rowStartedMs)
    console.log(`${verdict.holds ? 'caught' : 'MISSED'}  ${row.promise}  ${seconds} s`)
    console.log(`        broken: ${row.broken}\n        failed: ${verdict.because}`)
  }
  console.log(`\n${caught} of ${chosen.length} broken builds were caught in ${toSeconds(startedMs)} s`)
  return caught === chosen.length ? 0 : 1
}

/** One run for all: without a break, every promise holds. */
async function runWhole(copy: string, chosen: readonly Break[], signal: AbortSignal) {
  const report = await runTests(copy, {
    files: [...new Set(chosen.map(({ test }) => test))],
    promises: chosen.map(({ promise }) => promise),
    timeoutMs: rowMsMax + chosen.length * 20_000,
    signal,
  })
  return (promise: string): Verdict =>
    typeof report === 'string' ? { holds: false, because: report } : judgeWhole(promise, report)
}

async function proveOne(copy: string, row: Break, signal: AbortSignal): Promise<Verdict> {
  const path = join(copy, row.file)
  const text = readFileSync(path, 'utf8')
  if (text.split(row.find).length !== 2)
    return { holds: false, because: `${row.file} has no single place to break` }
  try {
    writeFileSync(
      path,
      text.replace(row.find, () => row.replace),
    )
    const report = await runTests(copy, {
      files: [row.test],
      promises: [row.promise],
      timeoutMs: rowMsMax,
      signal,
    })
    return typeof report === 'string' ? { holds: false, because: report } : judgeBroken(row.promise, report)
  } finally {
    writeFileSync(path, text)
  }
}

function toSeconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1000).toFixed(1)
}
