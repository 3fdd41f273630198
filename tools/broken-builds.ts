import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Secret } from '@gatehouse/kernel/secrets'
import { startPostgres } from '../packages/server/test/global-setup.ts'
import { breaks } from './broken-builds/areas.ts'
import type { Break } from './broken-builds/break.ts'
import { copyRepository } from './broken-builds/copy-repository.ts'
import { judgeBroken, judgeWhole, type Verdict } from './broken-builds/judge-run.ts'
import { runTests } from './broken-builds/run-tests.ts'

const root = join(import.meta.dirname, '..')
/** Long enough for the slowest row on a busy machine. */
const rowMsMax = 600_000

/** What stands in a whole PostgreSQL, not in one of its databases, would be left there by one row for the next. */
const outlivesDatabase = /\/db\/|schema|migration/

const green: Verdict = { holds: true, because: 'the suite passed' }

const usage = `usage: npm run broken-builds [-- [--suite-is-green] [<promise>…]]
  --suite-is-green  the suite has just passed on what stands here, so no promise is tried unbroken first`

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => arg !== '--suite-is-green')
  const unknown = names.find((name) => !breaks.some(({ promise }) => promise === name))
  if (unknown !== undefined) {
    console.error(`There is no promise named ${unknown}\n${usage}`)
    return 2
  }
  const chosen = names.length === 0 ? breaks : breaks.filter(({ promise }) => names.includes(promise))
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())
  const copies = Array.from({ length: Math.min(availableParallelism(), chosen.length) }, () =>
    copyRepository(root),
  )
  const postgres = await startPostgres()
  try {
    return await proveAll(chosen, {
      copies,
      postgres: postgres.databaseUrl,
      signal: interrupted.signal,
      isSuiteGreen: names.length < args.length,
    })
  } finally {
    await postgres.stop()
    // What was stopped may be writing its last.
    for (const copy of copies) rmSync(copy, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
}

type Run = { readonly postgres: Secret; readonly signal: AbortSignal }

/** Breaks promises in the copies, one at a time in each, and prints a line of the table as each is judged. */
async function proveAll(
  chosen: readonly Break[],
  {
    copies,
    isSuiteGreen,
    ...run
  }: Run & { readonly copies: readonly string[]; readonly isSuiteGreen: boolean },
): Promise<number> {
  const startedMs = performance.now()
  const [first = ''] = copies
  const whole = isSuiteGreen ? () => green : await runWhole(first, chosen, run)
  const rows = chosen.values()
  let caught = 0
  const proveNext = async (copy: string): Promise<void> => {
    // The copies take from one and the same iterator.
    for (const row of rows) {
      if (run.signal.aborted) return
      const rowStartedMs = performance.now()
      const unbroken = whole(row.promise)
      const verdict = unbroken.holds ? await proveOne(copy, row, run) : unbroken
      if (verdict.holds) caught += 1
      const seconds = toSeconds(rowStartedMs)
      console.log(
        `${verdict.holds ? 'caught' : 'MISSED'}  ${row.promise}  ${seconds} s\n` +
          `        broken: ${row.broken}\n        failed: ${verdict.because}`,
      )
    }
  }
  await Promise.all(copies.map((copy) => proveNext(copy)))
  console.log(`\n${caught} of ${chosen.length} broken builds were caught in ${toSeconds(startedMs)} s`)
  return caught === chosen.length ? 0 : 1
}

/** One run for all: without a break, every promise holds. */
async function runWhole(copy: string, chosen: readonly Break[], { signal }: Run) {
  const report = await runTests(copy, {
    files: [...new Set(chosen.map(({ test }) => test))],
    promises: chosen.map(({ promise }) => promise),
    timeoutMs: rowMsMax + chosen.length * 20_000,
    signal,
  })
  return (promise: string): Verdict =>
    typeof report === 'string' ? { holds: false, because: report } : judgeWhole(promise, report)
}

async function proveOne(copy: string, row: Break, { postgres, signal }: Run): Promise<Verdict> {
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
      postgres: outlivesDatabase.test(row.file) ? undefined : postgres,
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
