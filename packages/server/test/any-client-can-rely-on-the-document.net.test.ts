import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import type { LimitRule } from '@gatehouse/kernel/limits'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServiceModule } from '../src/service/define-service.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, password, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

const version = '4.32.5'
const home = join(tmpdir(), `gatehouse-schemathesis-${version}`)
const program = join(home, 'bin/schemathesis')
/** Thousands of requests, which take many minutes: only whoever asks for it has it. */
const isAsked = process.env['SCHEMATHESIS'] === 'yes'
const isSkipped = !isAsked || !install()
if (isSkipped)
  process.stderr.write(
    isAsked
      ? 'The API document is not tried by schemathesis: Python or its package index cannot be reached\n'
      : 'The API document is not tried by schemathesis: SCHEMATHESIS=yes asks for it\n',
  )

/** Into an environment of its own, once; whether it can be run. */
function install(): boolean {
  if (existsSync(program)) return true
  const made = spawnSync('python3', ['-m', 'venv', home], { stdio: 'ignore' })
  if (made.status !== 0) return false
  const pip = join(home, 'bin/pip')
  return spawnSync(pip, ['install', '--quiet', `schemathesis==${version}`], { stdio: 'ignore' }).status === 0
}

/** How the program sends media types that it does not know by itself: bytes and text as they are, the rest as JSON. */
const hooks = `import json
import schemathesis


@schemathesis.serializer("application/x-ndjson")
def write_lines(ctx, value):
    if isinstance(value, bytes):
        return value
    return value.encode(errors="replace") if isinstance(value, str) else json.dumps(value).encode()
`

const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
]

/** They answer 502, by their specification, when the far end that somebody named does not take what was sent. */
const passOn: ReadonlySet<string> = new Set(['testChannel', 'dashboardTestChannel'])

const often = (rule: LimitRule): LimitRule => ({ ...rule, limit: 1_000_000 })
const oftenEach = (rules: Readonly<Record<string, LimitRule>>): Record<string, LimitRule> =>
  Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, often(rule)]))

/** The same service, which lets one caller ask a million times a minute. */
function withGenerousLimits(service: ServiceModule): ServiceModule {
  const { gate, publicLimits, userLimits = {} } = service.policy
  return {
    ...service,
    policy: {
      ...service.policy,
      gate: {
        ...gate,
        beforeProof: often(gate.beforeProof),
        perKey: often(gate.perKey),
        perUser: often(gate.perUser),
      },
      publicLimits: oftenEach(publicLimits),
      userLimits: oftenEach(userLimits),
    },
  }
}

describe.skipIf(isSkipped)(
  'any-client-can-rely-on-the-document',
  () => {
    let server: ComposedServer
    let key: string

    beforeAll(async () => {
      server = await composeServer(
        { GATEHOUSE_DNS_SERVERS: '127.0.0.1:1', GATEHOUSE_REGISTRATION: 'open' },
        { wrapService: withGenerousLimits },
      )
      await writeFile(join(home, 'gatehouse_hooks.py'), hooks)
      const owner = await setUpOwner(server.client, server.ownerToken)
      key = await createKey(server.client, owner)
      // Made on first demand: on a busy machine that takes longer than the program waits.
      await server.client.ask('/openapi.json')
    })
    afterAll(() => server.stop())

    it('no answer to a key is one that the document does not know', async () => {
      expect(await ask([`Authorization: Bearer ${key}`])).toEqual({ exit: 0, said: '' })
    })

    it('no answer to a person is one that the document does not know', async () => {
      // A session of its own: an access token does not outlive the first run.
      const body = { email: 'ann@example.com', password }
      const { accessToken } = await server.client.ask<SignedIn>('/auth/login', { body })
      const sudo = await proveAnew(server.client, { accessToken })
      const session = [`Authorization: Bearer ${accessToken}`, `X-Sudo-Token: ${sudo['x-sudo-token'] ?? ''}`]
      // What ends the session that asks would leave nothing but refusals for all that follow.
      const lasting = ['logOut', 'logOutEverywhere'].flatMap((id) => ['--exclude-operation-id', id])
      expect(await ask(session, lasting)).toEqual({ exit: 0, said: '' })
      const ending = ['logOut', 'logOutEverywhere'].flatMap((id) => ['--include-operation-id', id])
      expect(await ask(session, ending)).toEqual({ exit: 0, said: '' })
    })

    async function ask(headers: readonly string[], chosen: readonly string[] = []) {
      const passingOn = [...passOn].flatMap((id) => ['--exclude-operation-id', id])
      const all = await run(headers, [...passingOn, ...chosen], checks)
      if (chosen.includes('--include-operation-id')) return all
      const own = [...passOn].flatMap((id) => ['--include-operation-id', id])
      const others = await run(headers, own, checks.slice(1))
      return { exit: Math.max(all.exit ?? 1, others.exit ?? 1), said: all.said + others.said }
    }

    async function run(headers: readonly string[], chosen: readonly string[], made: readonly string[]) {
      const options = {
        '--max-examples': '20',
        '--phases': 'examples,fuzzing',
        '--checks': made.join(','),
        '--suppress-health-check': 'all',
        '--seed': '20260131',
        '--warnings': 'off',
        '--workers': '6',
      }
      const command = [
        'run',
        `${server.origin}/openapi.json`,
        '--continue-on-failure',
        '--no-color',
        ...Object.entries(options).flat(),
        ...headers.flatMap((header) => ['--header', header]),
        ...chosen,
      ]
      const env = { ...process.env, SCHEMATHESIS_HOOKS: 'gatehouse_hooks', PYTHONPATH: home }
      const child = spawn(program, command, { cwd: home, env, stdio: ['ignore', 'pipe', 'inherit'] })
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
      await once(child, 'close')
      return { exit: child.exitCode, said: child.exitCode === 0 ? '' : said }
    }
  },
  1_800_000,
)
