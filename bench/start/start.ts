import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { alone, type Benchmark } from '../figure.ts'
import { median } from '../statistics.ts'
import { startByNpm } from './running-server.ts'

const run = promisify(execFile)
const repository = fileURLToPath(new URL('../..', import.meta.url))
const goals = { coldMs: 90_000, warmMs: 3_000, firstCheckMs: 60_000 }
const warmStarts = 5

/** P15: from a fresh clone to `ready`, from a second start to `ready`, and from a new monitor to its first check. */
export const start: Benchmark = async ({ note }) => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-start-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const target = createServer((_request, response) => void response.end('ok')).listen(0, '127.0.0.1')
  await once(target, 'listening')
  const address = target.address()
  if (address === null || typeof address === 'string') throw new Error('The target has no port')
  const checkout = join(folder, 'checkout')
  const env = {
    GATEHOUSE_DATA: join(folder, 'data'),
    GATEHOUSE_FEEDS: 'off',
    GATEHOUSE_PROBES: 'off',
    GATEHOUSE_PORT: '0',
    GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${address.port}`,
  }
  try {
    await run('git', ['clone', '--quiet', '--no-hardlinks', repository, checkout])
    await chmod(checkout, 0o711)
    note('start: installing and starting a fresh clone of what is committed')
    const cold = await startByNpm(checkout, env, 2 * goals.coldMs)
    await cold.stop()
    const warmMs: number[] = []
    for (let count = 0; count < warmStarts; count += 1) {
      const warm = await startByNpm(checkout, env, 10 * goals.warmMs)
      warmMs.push(warm.readyMs)
      await warm.stop()
    }
    const last = await startByNpm(checkout, env, 10 * goals.warmMs)
    let firstCheckMs: number
    try {
      const key = await createKey(checkout, env)
      firstCheckMs = await timeFirstCheck(last.origin, key, `http://127.0.0.1:${address.port}/`)
    } finally {
      await last.stop()
    }
    const warm = median(warmMs)
    return [
      second('start-cold', '≤ 90 s', cold.readyMs, cold.readyMs <= goals.coldMs),
      second('start-warm', '< 3 s', warm, warm < goals.warmMs),
      second('first-check', '≤ 60 s', firstCheckMs, firstCheckMs <= goals.firstCheckMs),
    ]
  } finally {
    target.close()
    target.closeAllConnections()
    await rm(folder, { recursive: true, force: true })
  }
}

function second(name: string, goal: string, ms: number, met: boolean) {
  return alone({ name, unit: 's', goal }, ms / 1_000, met)
}

/** The two commands that a person without a browser gives. */
async function createKey(checkout: string, env: Readonly<Record<string, string>>): Promise<string> {
  const command = join(checkout, 'packages/cli/src/main.ts')
  const options = { cwd: checkout, env: { ...process.env, ...env } }
  const owner = ['owner', 'create', '--email', 'bench@example.com', '--org', 'Bench', '--password-stdin']
  const creating = run(process.execPath, [command, ...owner], options)
  creating.child.stdin?.end(randomBytes(18).toString('base64url'))
  await creating
  const wish = ['keys', 'create', '--service', 'uptime', '--scopes', 'read,write', '--name', 'bench']
  const { stdout } = await run(process.execPath, [command, ...wish], options)
  return stdout.trim()
}

/** Milliseconds from the request that creates a monitor to the first answer that knows a check of it. */
async function timeFirstCheck(origin: string, key: string, url: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const startedMs = performance.now()
  const created = await fetch(`${origin}/api/v1/monitors`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'Bench', type: 'http', config: { url } }),
  })
  const text = await created.text()
  if (created.status !== 201) throw new Error(`The monitor was refused with ${created.status}: ${text}`)
  const id = /"id":"([^"]+)"/.exec(text)?.[1]
  while (performance.now() - startedMs < 2 * goals.firstCheckMs) {
    // At most one look a second: the key's own limit is 60 a minute.
    await new Promise((resolve) => setTimeout(resolve, 1_050))
    const reply = await (await fetch(`${origin}/api/v1/monitors/${id}`, { headers })).text()
    if (/"lastCheckedAt":"/.test(reply)) return performance.now() - startedMs
  }
  throw new Error('No check was made')
}
