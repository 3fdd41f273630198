import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { parseLock } from '../src/sbom/read-lock.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'

const root = join(import.meta.dirname, '../../..')

let server: ComposedServer
beforeAll(async () => {
  server = await composeServer()
})
afterAll(() => server.stop())

const bill = z.object({
  specVersion: z.literal('1.6'),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      purl: z.string().optional(),
      licenses: z.array(z.unknown()).optional(),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).optional() })),
})

it('sbom-names-what-runs-and-fits-the-published-schema', async () => {
  const response = await fetch(`${server.origin}/.well-known/sbom.json`)
  expect(response.headers.get('content-type')).toBe('application/vnd.cyclonedx+json; version=1.6')
  const text = await response.text()
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
  expect(await validator.validate(text)).toBeNull()
  expect(await validator.validate(text.replace('"application"', '"nonsense"'))).not.toBeNull()
  const { components, dependencies } = bill.parse(JSON.parse(text))
  const named = new Set(components.map(({ name, version }) => `${name}@${version}`))
  // What the server needs is in it, with what that needs; what only builds and tests it is not.
  const lock = parseLock(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  for (const name of ['zod', 'fastify', 'pg', 'find-my-way', '@gatehouse/kernel'])
    expect([...named].some((one) => one.startsWith(`${name}@`))).toBe(true)
  for (const name of ['vitest', 'playwright-core', 'oxlint'])
    expect([...named].some((one) => one.startsWith(`${name}@`))).toBe(false)
  expect(named.size).toBeLessThanOrEqual(lock.length)
  const pg = dependencies.find(({ ref }) => ref === 'node_modules/pg')
  expect(pg?.dependsOn).toContain('node_modules/pg-protocol')
  // Where a release is made, npm's own reading of the same lock file names the same packages.
  const made = await promisify(execFile)(
    join(root, 'node_modules/.bin/cyclonedx-npm'),
    [
      '--package-lock-only',
      '--flatten-components',
      '--omit',
      'dev',
      '--spec-version',
      '1.6',
      '--output-file',
      '-',
    ],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  )
  const byNpm = bill
    .parse(JSON.parse(made.stdout))
    .components.map(({ name, version }) => `${name}@${version}`)
  const missing = [...named].filter((one) => !one.startsWith('@gatehouse/') && !one.startsWith('gatehouse@'))
  const short = new Set(byNpm)
  expect(missing.filter((one) => !short.has(one) && !short.has(one.replace(/^@[^/]+\//, '')))).toEqual([])
})
