import { decideWithin, query } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeAnswer } from '../destinations/answer-text.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createChannel } from '../usecases/create-channel.ts'
import { createIncident } from '../usecases/create-incident.ts'
import { deleteChannel } from '../usecases/delete-channel.ts'
import { listChannels, listDeliveries } from '../usecases/list-channels.ts'
import { channelPlace } from '../usecases/open-channel.ts'
import { testChannel } from '../usecases/test-channel.ts'
import { updateChannel } from '../usecases/update-channel.ts'

let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())
beforeEach(async () => {
  await uptime.forgetDeliveries()
  uptime.errors.length = 0
  uptime.mails.length = 0
})

const config = { url: 'https://example.com/hook', secret: 'a secret of sixteen' }
const change = (member: MemberPrincipal, statement: RawBuilder<unknown>) =>
  decideWithin(uptime.deps, member, async (tx) => void (await statement.execute(query(tx))))

async function createHook() {
  const member = await uptime.found()
  const { channel } = await createChannel(uptime.deps, member, { type: 'webhook', name: 'Hook', config })
  return { member, id: channel.id }
}
type Hook = Awaited<ReturnType<typeof createHook>>

const reseal = ({ member, id }: Hook, stored: unknown) => {
  const sealed = uptime.deps.sealer.seal(channelPlace(member.orgId, id), JSON.stringify(stored))
  return change(member, sql`UPDATE uptime.channel SET sealed_config = ${sealed}`)
}

describe.each<[what: string, code: string, damage: (hook: Hook) => Promise<void>]>([
  [
    'a kind of a later version',
    'type_unknown',
    ({ member }) => change(member, sql`UPDATE uptime.channel SET type = 'pigeon'`),
  ],
  [
    'a config that cannot be opened',
    'secret_unreadable',
    ({ member }) => change(member, sql`UPDATE uptime.channel SET sealed_config = 'nonsense'`),
  ],
  ['a config of another kind', 'config_unreadable', (hook) => reseal(hook, { email: 'ops@example.com' })],
  [
    'a secret that holds no key',
    'config_unreadable',
    (hook) => reseal(hook, { ...config, secret: 'whsec_!!!!' }),
  ],
])('a channel with %s', (_what, code, damage) => {
  it('a-stored-destination-that-nobody-knows-is-seen: in its log, in the log of the server, and by the owners', async () => {
    const hook = await createHook()
    await damage(hook)
    await createIncident(uptime.deps, hook.member, { title: 'Down' })
    await uptime.deliver()
    const { deliveries } = await listDeliveries(uptime.deps, hook.member, hook.id, {})
    expect(deliveries).toMatchObject([{ state: 'failed', reason: code }])
    expect(uptime.errors.map(String)).toEqual([expect.stringContaining(hook.id)])
    expect(uptime.errors.map(String).join(' ')).not.toMatch(/whsec_|ops@example/)
    await uptime.sendMails()
    expect(uptime.mails).toMatchObject([
      {
        to: 'owner@example.com',
        subject: '[Acme] Hook does not get through',
        text: expect.stringContaining(writeAnswer(code, 'en')),
      },
    ])
    expect(JSON.stringify(uptime.mails)).not.toContain(code)
  })

  it('is listed, says so when it is tested, and can be deleted', async () => {
    const hook = await createHook()
    await damage(hook)
    expect(await listChannels(uptime.deps, hook.member)).toMatchObject([{ id: hook.id, name: 'Hook' }])
    await expect(testChannel(uptime.deps, hook.member, hook.id)).rejects.toMatchObject({
      code: 'DELIVERY_FAILED',
      detail: `The test was not delivered: ${code}`,
    })
    await deleteChannel(uptime.deps, hook.member, hook.id)
    expect(await listChannels(uptime.deps, hook.member)).toEqual([])
  })
})

it('a config that cannot be read is mended by a whole one', async () => {
  const hook = await createHook()
  await reseal(hook, 7)
  await expect(
    updateChannel(uptime.deps, hook.member, hook.id, { config: { url: config.url } }),
  ).rejects.toMatchObject({ code: 'INVALID_CONFIG', detail: 'config.secret: is required' })
  await updateChannel(uptime.deps, hook.member, hook.id, { config })
  await uptime.deliver()
  expect(uptime.errors).toEqual([])
})

it('a short secret of an earlier version goes on signing, and a new one is judged', async () => {
  const hook = await createHook()
  await reseal(hook, { ...config, secret: 'short' })
  await updateChannel(uptime.deps, hook.member, hook.id, { config: { url: 'https://api.example.com/' } })
  await expect(testChannel(uptime.deps, hook.member, hook.id)).rejects.not.toMatchObject({
    detail: expect.stringContaining('unreadable'),
  })
  await expect(
    updateChannel(uptime.deps, hook.member, hook.id, { config: { secret: 'whsec_!!!!' } }),
  ).rejects.toMatchObject({ detail: 'config.secret: must be base64, padded, after whsec_' })
})
