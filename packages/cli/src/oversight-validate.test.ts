import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const isTableThere = existsSync(new URL('../../../../shared/data/oversight/', import.meta.url))

async function validate(...options: readonly string[]) {
  const run = promisify(execFile)(process.execPath, [main, 'oversight', 'validate', ...options])
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  )
}

it('validate runs every known answer and says what the measures are worth', async () => {
  const { code, stdout } = await validate('--json')
  const { answers, faults, validity } = JSON.parse(stdout) as {
    answers: number
    faults: string[]
    validity: { departures: string[] } | null
  }
  expect({ code, faults }).toEqual({ code: 0, faults: [] })
  expect(answers).toBeGreaterThan(40)
  expect(validity === null).toBe(!isTableThere)
  expect(validity?.departures ?? []).toEqual([])
}, 180_000)

it('a file that is another table is refused by name, with exit code 1', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-validate-'))
  await writeFile(join(folder, 'other.csv'), 'a,b\n1,2\n')
  const { code, stdout, stderr } = await validate('--data', join(folder, 'other.csv'))
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('This is not the table of advice: it has no participant_id')
  await rm(folder, { recursive: true })
}, 180_000)
