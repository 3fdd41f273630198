import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, report } from './finding.ts'

/** A file that a script writes: `node script` writes it, `node script --print` prints it instead. */
export type Generated = { readonly file: string; readonly script: string }

const generated: readonly Generated[] = [
  { file: 'docs/openapi.json', script: 'tools/write-openapi.ts' },
  { file: 'packages/sdk/src/wire.ts', script: 'tools/write-sdk-types.ts' },
  { file: '.env.example', script: 'tools/write-env-example.ts' },
  { file: 'docs/trust/seams.md', script: 'tools/write-seams.ts' },
  { file: 'docs/trust/claims.md', script: 'tools/write-claims.ts' },
  { file: 'docs/trust/owasp-api-top-10.md', script: 'tools/write-owasp.ts' },
]

/** Finds the files under `root` that differ from what their script would write now. */
export function checkGenerated(root: string, outputs: readonly Generated[]): readonly Finding[] {
  return outputs.flatMap(({ file, script }) => {
    const detail = judgeOutput(root, { file, script })
    return detail === undefined ? [] : [{ rule: 'generated-file-is-current', where: file, detail }]
  })
}

function judgeOutput(root: string, { file, script }: Generated): string | undefined {
  const run = spawnSync(process.execPath, [join(root, script), '--print'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (run.status !== 0) return `${script} failed: ${(run.error?.message ?? run.stderr).trim()}`
  if (run.stdout === '') return `${script} printed nothing`
  if (!existsSync(join(root, file))) return `is missing: run node ${script}`
  if (readFileSync(join(root, file), 'utf8') !== run.stdout) return `is out of date: run node ${script}`
  return undefined
}

if (import.meta.main) report('check-generated', checkGenerated(join(import.meta.dirname, '..'), generated))
