import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createMonitor } from './create-monitor.ts'

let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())

it.each([
  ['http', { url: 'https://xn--mnchen-3ya.example/health' }, 'https://münchen.example/health'],
  ['http', { url: 'https://münchen.example/health' }, 'https://münchen.example/health'],
  ['http', { url: 'https://pаypal.example/health' }, 'https://xn--pypal-4ve.example/health'],
  ['tcp', { hostname: 'xn--mnchen-3ya.example', port: 5432 }, 'münchen.example:5432'],
  ['heartbeat', {}, null],
])('the target of %s %j is shown as %s', async (type, config, shownTarget) => {
  const monitor = await createMonitor(uptime.deps, await uptime.found(), { type, config })
  expect(monitor).toMatchObject({ shownTarget })
})
