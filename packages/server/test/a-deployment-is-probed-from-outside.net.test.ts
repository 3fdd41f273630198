import { Readable } from 'node:stream'
import { systemClock } from '@gatehouse/kernel/clock'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keysCreate } from '../../cli/src/commands/keys-create.ts'
import { ownerCreate } from '../../cli/src/commands/owner-create.ts'
import type { Command, Values } from '../../cli/src/command.ts'
import { isVerified } from '../src/posture/define-claim.ts'
import { claims } from '../src/posture/claims/index.ts'
import { verifyTarget } from '../src/local/verify-posture.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'

const password = 'canary battery staple 7'
const services = ['uptime', 'oversight', 'volatility'] as const
const outside = claims.filter(isVerified).filter(({ probe }) => probe.kind === 'outside')

/** This server speaks plain HTTP. */
const overTls = 'transport.tls-1.3-alone'

let server: ComposedServer
let lent: string
beforeAll(async () => {
  server = await composeServer()
  // As an operator would, and with the limits of everybody.
  lent = JSON.stringify([await furnish('one'), await furnish('two')])
})
afterAll(() => server.stop())

async function run(command: Command, values: Values, input = ''): Promise<string> {
  let written = ''
  await command.run(values, {
    env: server.env,
    folder: server.env['GATEHOUSE_DATA'] ?? '',
    out: (text) => void (written += text),
    note: () => undefined,
    progress: () => undefined,
    interruption: () => new AbortController().signal,
    input: Readable.from([input]),
  })
  return written.trim()
}

async function furnish(org: string) {
  const email = `${org}@example.com`
  await run(ownerCreate, { email, org, 'password-stdin': true }, password)
  const keys: Record<string, string> = {}
  for (const service of services)
    keys[service] = await run(keysCreate, { service, scopes: 'read,write', name: 'posture', org })
  return { ...keys, owner: { email, password } }
}

let waitedMs = 0
const wish = {
  only: undefined,
  onProgress: () => undefined,
  signal: new AbortController().signal,
  // What would be waited out goes by at once, here and there.
  time: {
    clock: { ...systemClock, monotonic: () => systemClock.monotonic() + waitedMs },
    waitMs: async (ms: number) => {
      waitedMs += ms + 1_000
      server.pass(ms + 1_000)
    },
  },
}

it('lent-orgs-decide-everything-outside: with their keys and log-ins no claim that HTTP can show is left unknown', async () => {
  const results = await verifyTarget(server.origin, lent, wish)
  const of = (verdict: string) => results.filter((result) => result.verdict === verdict)
  expect(of('fails')).toEqual([])
  const isOutside = ({ claim }: { readonly claim: string }) => outside.some(({ id }) => id === claim)
  const open = of('unknown').map(({ claim, because }) => [claim, because])
  expect(open.filter(([claim]) => outside.some(({ id }) => id === claim))).toEqual([
    [overTls, expect.stringContaining('over plain HTTP')],
  ])
  expect(of('holds').filter(isOutside)).toHaveLength(outside.length - 1)
  expect(new Set(open.flatMap(([claim, because]) => (claim === overTls ? [] : [because])))).toEqual(
    new Set(['Only the deployment itself can tell', 'The run has no receiver that the deployment may reach']),
  )
}, 600_000)

it('an owner who cannot log in ends the run with a sentence, and nothing is found without them', async () => {
  const wrong = JSON.stringify([{ owner: { email: 'one@example.com', password: 'not that one at all' } }])
  await expect(verifyTarget(server.origin, wrong, wish)).rejects.toThrow('/auth/login answered 401')
  const without = await verifyTarget(server.origin, '[]', { ...wish, only: 'keys.format-of-uptime' })
  expect(without).toMatchObject([
    { verdict: 'unknown', because: expect.stringContaining('needs an organisation') },
  ])
})
