import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, report } from './finding.ts'
import { toPage as seamsPage } from './seams/to-page.ts'
import { claimsPage } from './write-claims.ts'
import { envExample } from './write-env-example.ts'
import { openApiText } from './write-openapi.ts'
import { owaspPage } from './write-owasp.ts'
import { sdkTypes } from './write-sdk-types.ts'

/** A file that a script writes, and what it would write now. */
export type Generated = { readonly file: string; readonly script: string; readonly toText: () => string }

const generated: readonly Generated[] = [
  { file: 'docs/openapi.json', script: 'tools/write-openapi.ts', toText: openApiText },
  { file: 'packages/sdk/src/wire.ts', script: 'tools/write-sdk-types.ts', toText: sdkTypes },
  { file: '.env.example', script: 'tools/write-env-example.ts', toText: envExample },
  { file: 'docs/trust/seams.md', script: 'tools/write-seams.ts', toText: seamsPage },
  { file: 'docs/trust/claims.md', script: 'tools/write-claims.ts', toText: claimsPage },
  { file: 'docs/trust/owasp-api-top-10.md', script: 'tools/write-owasp.ts', toText: owaspPage },
]

/** Finds the files under `root` that differ from what their script would write now. */
export function checkGenerated(root: string, outputs: readonly Generated[]): readonly Finding[] {
  return outputs.flatMap((output) => {
    const detail = judgeOutput(root, output)
    return detail === undefined ? [] : [{ rule: 'generated-file-is-current', where: output.file, detail }]
  })
}

function judgeOutput(root: string, { file, script, toText }: Generated): string | undefined {
  const text = textOrFailure(toText)
  if (text instanceof Error) return `${script} failed: ${text.message}`
  if (text === '') return `${script} writes nothing`
  if (!existsSync(join(root, file))) return `is missing: run node ${script}`
  if (readFileSync(join(root, file), 'utf8') !== text) return `is out of date: run node ${script}`
  return undefined
}

/** A script that fails says so about its own file, and the others are judged all the same. */
function textOrFailure(toText: () => string): string | Error {
  try {
    return toText()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

if (import.meta.main) report('check-generated', checkGenerated(join(import.meta.dirname, '..'), generated))
