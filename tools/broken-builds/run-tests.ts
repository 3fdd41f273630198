import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Secret } from '@gatehouse/kernel/secrets'
import { dataFolder } from '@gatehouse/kernel/testing'
import { scratchOf } from './copy-repository.ts'
import { type RunReport, runReport } from './judge-run.ts'

export type TestRun = {
  readonly files: readonly string[]
  readonly promises: readonly string[]
  readonly timeoutMs: number
  /** A PostgreSQL for this run among others; without one, the run starts its own. */
  readonly postgres?: Secret | undefined
  readonly signal: AbortSignal
}

const graceMs = 15_000
// In a broken build the event never comes, so what waits for it need not wait for as long as on a busy machine.
const impatience = ['--expect.poll.timeout=20000']

/** Runs the tests of these promises in a copy; a sentence instead of a report when the run did not come to an end. */
export async function runTests(
  copy: string,
  { files, promises, timeoutMs, postgres, signal }: TestRun,
): Promise<RunReport | string> {
  const output = join(copy, 'report.json')
  rmSync(output, { force: true })
  const ended = await runVitest(
    copy,
    ['run', ...files, '-t', promises.join('|'), ...impatience, '--reporter=json', `--outputFile=${output}`],
    postgres === undefined ? {} : { GATEHOUSE_TEST_DATABASE_URL: postgres.reveal() },
    AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  )
  if (ended.wasStopped) return `stopped after ${Math.round(timeoutMs / 1000)} s`
  if (!existsSync(output)) return `the run made no report: ${ended.complaint}`
  const report = runReport.parse(JSON.parse(readFileSync(output, 'utf8')))
  // The exit code is what `npm test` lives by, so a run must not say one thing and end as another.
  if ((ended.code === 0) !== report.success) return `the report and the exit code ${ended.code} disagree`
  return report
}

type Ended = { readonly code: number | null; readonly wasStopped: boolean; readonly complaint: string }

function runVitest(
  copy: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  const child = spawn(process.execPath, [join(copy, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: copy,
    env: {
      ...process.env,
      ...variables,
      NO_COLOR: '1',
      TMPDIR: scratchOf(copy),
      // Nothing lies beside the copy.
      GATEHOUSE_TEST_DATA: dataFolder('.'),
      // Each run loads the same modules but for the one that is broken, which is known by its contents.
      NODE_COMPILE_CACHE: join(scratchOf(copy), 'compiled'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, so that its workers can be ended with it.
    detached: true,
  })
  let complaint = ''
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-2_000)))
  let end: NodeJS.Timeout | undefined
  const stop = (): void => {
    // Asked first, since a set-up that is killed outright leaves its PostgreSQL behind.
    child.kill('SIGINT')
    end = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), graceMs)
  }
  signal.addEventListener('abort', stop, { once: true })
  child.once('error', reject)
  child.once('close', (code) => {
    clearTimeout(end)
    signal.removeEventListener('abort', stop)
    resolve({ code, wasStopped: signal.aborted, complaint: complaint.trim().split('\n').at(-1) ?? '' })
  })
  if (signal.aborted) stop()
  return promise
}
