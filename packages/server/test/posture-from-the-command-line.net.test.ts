import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { postureVerify } from '../../cli/src/commands/posture-verify.ts'
import type { Values } from '../../cli/src/command.ts'
import { claims } from '../src/posture/claims/index.ts'
import { isVerified } from '../src/posture/define-claim.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'

const outside = 'limits.sign-in-by-address'
const inside = 'tenancy.row-security-is-forced'
let server: ComposedServer
beforeAll(async () => {
  server = await composeServer()
})
afterAll(() => server.stop())

async function verify(values: Values, env: Readonly<Record<string, string>> = {}, input = '') {
  const written = { out: '', note: '' }
  const code = await postureVerify.run(values, {
    env,
    folder: server.env['GATEHOUSE_DATA'] ?? '',
    out: (text) => void (written.out += text),
    note: (text) => void (written.note += text),
    progress: () => undefined,
    interruption: () => new AbortController().signal,
    input: Readable.from([input]),
  })
  return { code, ...written }
}

it('external-run-needs-only-http: with the address alone, what is outside is probed and the rest is unknown', async () => {
  const { code, out } = await verify({ target: `${server.origin}/`, only: outside, json: true })
  expect(JSON.parse(out)).toMatchObject({ results: [{ claim: outside, verdict: 'holds' }] })
  expect(code).toBe(0)
  const blind = await verify(
    { target: server.origin, only: inside, junit: 'posture.xml' },
    { GITHUB_ACTIONS: 'true' },
  )
  expect([blind.code, blind.out]).toEqual([0, `unknown\t${inside}\tOnly the deployment itself can tell\n`])
  expect(blind.note).toContain(`::warning title=${inside}::Only the deployment itself can tell`)
  const junit = await readFile(join(server.env['GATEHOUSE_DATA'] ?? '', 'posture.xml'), 'utf8')
  expect(junit).toContain('tests="1" failures="0" skipped="1"')
})

it('a deployment on which a claim fails ends the command with 1', async () => {
  const weak = await composeServer(
    {},
    { wrapLimitStore: (store) => ({ ...store, take: () => ({ admitted: true, counted: false }) }) },
  )
  try {
    const { code, out } = await verify({ target: weak.origin, only: outside })
    expect([code, out]).toEqual([1, expect.stringMatching(/^fails\t/)])
  } finally {
    await weak.stop()
  }
})

it('keys of test organisations come from the environment or the input, and what is no list of them is said', async () => {
  await expect(
    verify({ target: server.origin, only: outside }, { GATEHOUSE_PROBE_ORGS: 'mk_x' }),
  ).rejects.toThrow('no JSON')
  const values = { target: server.origin, only: outside, 'keys-from-input': true }
  await expect(verify(values, {}, '{"uptime": 1}')).rejects.toThrow('a list of up to two objects')
  await expect(verify({ target: 'ftp://example.com', only: outside })).rejects.toThrow(
    '--target must be a URL',
  )
  await expect(verify({ target: server.origin, only: 'nothing' })).rejects.toThrow(
    'No claim is called nothing',
  )
})

it('without a target the running server probes itself, from inside too', async () => {
  const { code, out } = await verify({ only: inside }, server.env)
  expect([code, out]).toEqual([0, expect.stringMatching(new RegExp(`^holds\\t${inside}\\ttables \\d+\\n$`))])
  expect(claims.filter(isVerified).length).toBeGreaterThan(2)
})
