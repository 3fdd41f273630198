import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'
import { performance } from 'node:perf_hooks'

type Check = { readonly name: string; readonly command: readonly [program: string, ...args: string[]] }
type Outcome = {
  readonly name: string
  readonly passed: boolean
  readonly seconds: number
  readonly output: string
}

const root = join(import.meta.dirname, '..')
const dashboard = 'packages/dashboard/tsconfig.json'

// The slow ones first, so that the quick ones fill the gaps.
const checks: readonly Check[] = [
  { name: 'lint', command: ['node', 'tools/check-lint.ts'] },
  { name: 'types', command: types('tsconfig.json', 'root') },
  ...(existsSync(join(root, dashboard))
    ? [{ name: 'types-dashboard', command: types(dashboard, 'dashboard') }]
    : []),
  { name: 'unused', command: ['knip'] },
  { name: 'boundaries', command: ['node', 'tools/check-boundaries.ts'] },
  { name: 'generated', command: ['node', 'tools/check-generated.ts'] },
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'docs', command: ['node', 'tools/check-docs.ts'] },
  { name: 'house', command: ['node', 'tools/check-house.ts'] },
  { name: 'licences', command: ['node', 'tools/check-licences.ts'] },
  { name: 'secrets', command: ['node', 'tools/check-secrets.ts', '--recent'] },
]

process.exitCode = await main(process.argv.slice(2))

async function main([option, name, ...rest]: readonly string[]): Promise<number> {
  const chosen =
    option === undefined ? checks : checks.filter((check) => option === '--only' && check.name === name)
  if (chosen.length === 0 || rest.length > 0) {
    console.error(`usage: npm run check [-- --only ${checks.map((check) => check.name).join('|')}]`)
    return 2
  }
  const started = performance.now()
  const outcomes = await runAll(chosen)
  const failed = outcomes.filter(({ passed }) => !passed)
  for (const { name: title, output } of failed) console.error(`\n── ${title}\n${output.trim()}`)
  // A check whose program is not on this machine has passed without a look, and must not seem to have looked.
  for (const { passed, output } of outcomes)
    if (passed && output.includes('NOT LOOKED FOR')) console.error(`\n${output.trim()}`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(
    `\n${failed.length === 0 ? 'All' : outcomes.length - failed.length} of ${outcomes.length} passed in ${seconds} s`,
  )
  return failed.length === 0 ? 0 : 1
}

/** The compiler goes by the content of each file, and looks again only at what a change can reach. */
function types(project: string, name: string): Check['command'] {
  const known = join(root, 'node_modules/.cache/types', `${name}.tsbuildinfo`)
  // Each checker works out for itself the types that its files share with those of others, and lint runs beside them.
  const checkers = Math.min(4, Math.ceil(availableParallelism() / 2))
  return ['tsc', '-p', project, '--incremental', '--tsBuildInfoFile', known, '--checkers', `${checkers}`]
}

/** As many at a time as there are cores; each line is printed as its check ends. */
async function runAll(chosen: readonly Check[]): Promise<readonly Outcome[]> {
  const waiting = [...chosen]
  const outcomes: Outcome[] = []
  const lanes = Array.from({ length: Math.max(2, availableParallelism()) }, async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const outcome = await run(check)
      outcomes.push(outcome)
      console.log(
        `${outcome.passed ? 'ok    ' : 'FAILED'}  ${outcome.name.padEnd(22)} ${outcome.seconds.toFixed(1)} s`,
      )
    }
  })
  await Promise.all(lanes)
  return outcomes
}

function run({ name, command: [program, ...args] }: Check): Promise<Outcome> {
  const started = performance.now()
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && program !== 'node',
  })
  return new Promise((resolve) => {
    const output: string[] = []
    const end = (passed: boolean) =>
      resolve({ name, passed, seconds: (performance.now() - started) / 1000, output: output.join('') })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
    }
    child.on('error', (error) => {
      output.push(`${program} could not be started: ${error.message}\n`)
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}
