import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Finding, report } from './finding.ts'

const root = join(import.meta.dirname, '..')

type Leak = {
  readonly RuleID: string
  readonly File: string
  readonly StartLine: number
  readonly Commit: string
}

/** `undefined`: gitleaks is not on this machine. */
type Scan = { readonly leaks: readonly Leak[] } | undefined

/** What `gitleaks` is asked for: `recent` are the newest commits, which take a second where all of them take eight. */
const scopes = {
  history: ['git'],
  recent: ['git', '--log-opts=-100'],
  staged: ['git', '--pre-commit', '--staged'],
} as const

type Scope = keyof typeof scopes

/** What gitleaks finds in all commits, in the newest, or in what is about to be one. Never the secrets themselves. */
export function scanForSecrets(folder: string, what: Scope, program = 'gitleaks'): Scan {
  const scope = scopes[what]
  const args = ['--no-banner', '--redact', '--exit-code', '0', '--log-level', 'error', '--config']
  const output = ['--report-format', 'json', '--report-path', '-']
  const ran = spawnSync(program, [...scope, ...args, join(root, '.gitleaks.toml'), ...output, folder], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (ran.error !== undefined && 'code' in ran.error && ran.error.code === 'ENOENT') return undefined
  if (ran.status !== 0) throw new Error(`gitleaks failed: ${ran.stderr}`)
  // Safe: what gitleaks reports as JSON is a list of these, or nothing.
  return { leaks: JSON.parse(ran.stdout === '' ? '[]' : ran.stdout) as readonly Leak[] }
}

export function toFindings(leaks: readonly Leak[]): readonly Finding[] {
  return leaks.map(({ RuleID: rule, File: file, StartLine: line, Commit: commit }) => ({
    rule,
    where: `${file}:${line}`,
    detail: `looks like a secret${commit === '' ? '' : ` in commit ${commit.slice(0, 10)}`}`,
  }))
}

if (import.meta.main) {
  const scan = scanForSecrets(root, process.argv[2] === '--recent' ? 'recent' : 'history')
  if (scan === undefined)
    console.error('secrets: NOT LOOKED FOR, since gitleaks is not installed: see CONTRIBUTING.md')
  else report('check-secrets', toFindings(scan.leaks))
}
