import { within } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findChannel } from '../store/channel-store.ts'
import { listOpenChannels } from '../store/notice-store.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createChannel } from './create-channel.ts'
import { createIncident } from './create-incident.ts'
import { createMonitor } from './create-monitor.ts'
import { deleteChannel } from './delete-channel.ts'
import { listChannels, listDeliveries } from './list-channels.ts'
import { openChannel } from './open-channel.ts'
import { listMonitorChannels } from './list-monitor-channels.ts'
import { setMonitorChannels } from './set-monitor-channels.ts'
import { testChannel } from './test-channel.ts'
import { updateChannel } from './update-channel.ts'
import { isVerificationOpen, resendVerification, verifyChannel } from './verify-channel.ts'

let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
beforeEach(async () => {
  await uptime.forgetDeliveries()
  uptime.mails.splice(0)
})
afterAll(() => uptime.database.drop())

const webhook = (
  config: Record<string, unknown> = { url: 'https://example.com/hook?key=k1', secret: 'the first s3cret' },
) => ({
  type: 'webhook',
  name: 'Hook',
  config,
})
const email = (address = 'ops@example.com') => ({ type: 'email', name: 'Ops', config: { email: address } })

/** Sends the verification mails that are waiting, and gives back the token of the last one. */
async function readMail(): Promise<string> {
  await uptime.sendMails()
  return /token=([A-Za-z0-9_-]{43})/.exec(uptime.mails.at(-1)?.text ?? '')?.[1] ?? ''
}

describe('a webhook channel', () => {
  it('keeps its config sealed: replies name what is set and show the host alone', async () => {
    const member = await uptime.found()
    const { channel, verificationSent } = await createChannel(uptime.deps, member, webhook())
    expect(channel).toMatchObject({
      config: { url: { set: true }, secret: { set: true } },
      summary: 'example.com',
      verified: 1,
      isActive: 1,
      isDefault: 1,
      delaySeconds: 0,
    })
    expect(verificationSent).toBe(false)
    expect(channel.events).toContain('incident.created')
    expect(channel.events).not.toContain('incident.updated')
    const stored = await within(uptime.deps, member, (tx) => findChannel(tx, channel.id))
    for (const shown of [stored, await listChannels(uptime.deps, member)])
      expect(JSON.stringify(shown)).not.toMatch(/s3cret|key=k1/)
  })

  it('keeps a secret that is left out or sent back as it was shown, and takes a new one', async () => {
    const member = await uptime.found()
    const { channel } = await createChannel(uptime.deps, member, webhook())
    const secretNow = async () => {
      const stored = await within(uptime.deps, member, (tx) => findChannel(tx, channel.id))
      if (stored === undefined) throw new Error('The channel exists')
      const opened = openChannel(uptime.deps.sealer, member.orgId, stored)
      return opened.kind === 'opened' ? Object.values(opened.destination.config).join(' ') : opened.code
    }
    await updateChannel(uptime.deps, member, channel.id, { config: { url: 'https://api.example.com/h' } })
    expect(await secretNow()).toBe('https://api.example.com/h the first s3cret')
    await updateChannel(uptime.deps, member, channel.id, {
      config: { ...channel.config, secret: 'a n3w and long one' },
    })
    expect(await secretNow()).toBe('https://api.example.com/h a n3w and long one')
  })

  it.each<[promise: string, config: Record<string, unknown>, detail: string]>([
    [
      'a private address',
      { url: 'https://10.0.0.1/', secret: 'a secret of sixteen' },
      'config.url: this address may not be notified',
    ],
    [
      'a name that leads to one',
      { url: 'https://rebinds.example.com/', secret: 'a secret of sixteen' },
      'config.url: this address may not be notified',
    ],
    [
      'clear text',
      { url: 'http://example.com/', secret: 'a secret of sixteen' },
      'config.url: The scheme must be https.',
    ],
    ['an absent secret', { url: 'https://example.com/' }, 'config.secret: is required'],
    [
      'an empty secret',
      { url: 'https://example.com/', secret: '' },
      'config.secret: must be 16 to 500 characters long',
    ],
    [
      'a secret that is no base64',
      { url: 'https://example.com/', secret: 'whsec_!!!!' },
      'config.secret: must be base64, padded, after whsec_',
    ],
    [
      'a secret without a key',
      { url: 'https://example.com/', secret: 'whsec_' },
      'config.secret: must hold 24 to 64 bytes after whsec_',
    ],
    [
      'a secret with a blank at its end',
      { url: 'https://example.com/', secret: 'a secret of sixteen ' },
      'config.secret: must not begin or end with a blank',
    ],
    [
      'an unknown member',
      { url: 'https://example.com/', secret: 'a secret of sixteen', to: 'x' },
      'config.to: is not a known field',
    ],
  ])('refuses %s', async (_promise, config, detail) => {
    const member = await uptime.found()
    await expect(createChannel(uptime.deps, member, webhook(config))).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      status: 400,
      detail,
    })
  })
})

describe('an e-mail channel', () => {
  it('is verified by the link in its mail, once', async () => {
    const member = await uptime.found()
    const { channel, verificationSent } = await createChannel(uptime.deps, member, email())
    expect([channel.verified, verificationSent]).toEqual([0, true])
    const token = await readMail()
    const { subject, text, html } = uptime.mails.at(-1) ?? {}
    // Nobody at this address has agreed to anything yet, so nothing that a stranger wrote is in it.
    expect([subject, text, html?.markup].join(' ')).not.toMatch(/Ops|Acme/)
    expect(await isVerificationOpen(uptime.deps, token)).toBe(true)
    const [first, second] = await Promise.all([
      verifyChannel(uptime.deps, token),
      verifyChannel(uptime.deps, token),
    ])
    expect([first, second].filter(Boolean)).toHaveLength(1)
    expect(await listChannels(uptime.deps, member)).toMatchObject([{ verified: 1 }])
    expect(await isVerificationOpen(uptime.deps, token)).toBe(false)
  })

  it('the link lasts 24 hours and not a millisecond longer', async () => {
    const member = await uptime.found()
    await createChannel(uptime.deps, member, email())
    const token = await readMail()
    uptime.clock.advance(24 * 3_600_000 - 1)
    expect(await isVerificationOpen(uptime.deps, token)).toBe(true)
    uptime.clock.advance(1)
    expect(await verifyChannel(uptime.deps, token)).toBe(false)
  })

  it('another address is asked anew, and the link to the old one is void', async () => {
    const member = await uptime.found()
    const { channel } = await createChannel(uptime.deps, member, email())
    const token = await readMail()
    const changed = await updateChannel(uptime.deps, member, channel.id, {
      config: { email: 'new@example.com' },
    })
    expect([changed.channel.verified, changed.verificationSent]).toEqual([0, true])
    expect(await verifyChannel(uptime.deps, token)).toBe(false)
    expect(await verifyChannel(uptime.deps, await readMail())).toBe(true)
    const same = await updateChannel(uptime.deps, member, channel.id, {
      config: { email: { set: true } },
      name: 'Ops 2',
    })
    expect([same.channel.verified, same.verificationSent]).toEqual([1, false])
  })

  it('the fifth resend in a day is sent and the sixth is not, whichever channel asks', async () => {
    const member = await uptime.found()
    const { channel } = await createChannel(uptime.deps, member, email())
    for (let i = 0; i < 5; i += 1) await resendVerification(uptime.deps, member, channel.id)
    const tooMany = { code: 'TOO_MANY_ATTEMPTS', status: 400 }
    await expect(resendVerification(uptime.deps, member, channel.id)).rejects.toMatchObject(tooMany)
    await deleteChannel(uptime.deps, member, channel.id)
    await expect(createChannel(uptime.deps, member, email())).rejects.toMatchObject(tooMany)
    uptime.clock.advance(24 * 3_600_000)
    await createChannel(uptime.deps, member, email())
  })

  it('only an unverified address can be asked again', async () => {
    const member = await uptime.found()
    const { channel } = await createChannel(uptime.deps, member, email())
    await verifyChannel(uptime.deps, await readMail())
    await expect(resendVerification(uptime.deps, member, channel.id)).rejects.toMatchObject({
      code: 'INVALID_STATE',
    })
    const hook = await createChannel(uptime.deps, member, webhook())
    await expect(resendVerification(uptime.deps, member, hook.channel.id)).rejects.toMatchObject({
      code: 'INVALID_TYPE',
    })
  })

  it('is refused without a mail server, and the setting is named', async () => {
    const member = await uptime.found()
    const deps = { ...uptime.deps, mail: { isConfigured: false } }
    await expect(createChannel(deps, member, email())).rejects.toMatchObject({
      code: 'EMAIL_NOT_CONFIGURED',
      status: 400,
      detail: expect.stringContaining('SMTP_URL'),
    })
  })
})

it('a type that does not exist is refused with those that do', async () => {
  const member = await uptime.found()
  await expect(createChannel(uptime.deps, member, { ...webhook(), type: 'fax' })).rejects.toMatchObject({
    code: 'INVALID_TYPE',
    detail: 'type: must be one of email, webhook, slack',
  })
})

it('the free plan takes five channels', async () => {
  const member = await uptime.found('free')
  for (let i = 0; i < 5; i += 1) await createChannel(uptime.deps, member, webhook())
  await expect(createChannel(uptime.deps, member, webhook())).rejects.toMatchObject({
    code: 'CHANNEL_LIMIT_REACHED',
    status: 402,
    upgradeUrl: 'https://gate.example.com/app/team',
  })
})

describe('a test', () => {
  it('needs an active and verified channel', async () => {
    const member = await uptime.found()
    const off = await createChannel(uptime.deps, member, { ...webhook(), isActive: false })
    await expect(testChannel(uptime.deps, member, off.channel.id)).rejects.toMatchObject({
      code: 'CHANNEL_INACTIVE',
    })
    const unverified = await createChannel(uptime.deps, member, email())
    await expect(testChannel(uptime.deps, member, unverified.channel.id)).rejects.toMatchObject({
      code: 'CHANNEL_UNVERIFIED',
    })
  })

  it('goes out once in 60 seconds, and says when the next may', async () => {
    const member = await uptime.found()
    const { channel } = await createChannel(uptime.deps, member, email())
    await verifyChannel(uptime.deps, await readMail())
    uptime.mails.splice(0)
    await testChannel(uptime.deps, member, channel.id)
    expect(uptime.mails).toMatchObject([{ to: 'ops@example.com' }])
    uptime.clock.advance(59_999)
    await expect(testChannel(uptime.deps, member, channel.id)).rejects.toMatchObject({
      code: 'TEST_COOLDOWN',
      status: 429,
      retryAfterSeconds: 1,
    })
    uptime.clock.advance(1)
    await testChannel(uptime.deps, member, channel.id)
  })

  it('that is not delivered says a class and nothing of the other side', async () => {
    const member = await uptime.found()
    const { channel } = await createChannel(
      uptime.deps,
      member,
      webhook({ url: 'https://not-there.example.com/', secret: 'a secret of sixteen' }),
    )
    await expect(testChannel(uptime.deps, member, channel.id)).rejects.toMatchObject({
      code: 'DELIVERY_FAILED',
      status: 502,
      detail: 'The test was not delivered: dns_not_found',
    })
  })
})

describe('channels of a monitor', () => {
  it('replace the defaults with their own delay, and none brings the defaults back', async () => {
    const member = await uptime.found()
    const { id } = await createMonitor(uptime.deps, member, { type: 'heartbeat', config: {} })
    const usual = (await createChannel(uptime.deps, member, webhook())).channel.id
    const special = (await createChannel(uptime.deps, member, { ...webhook(), isDefault: false })).channel.id
    const openFor = () => within(uptime.deps, member, (tx) => listOpenChannels(tx, id, 'incident.created'))
    expect(await openFor()).toMatchObject([{ id: usual, delaySeconds: 0 }])
    const bound = await setMonitorChannels(uptime.deps, member, id, [
      { channelId: special, delaySeconds: 90 },
    ])
    expect(bound).toEqual([{ id: special, name: 'Hook', delaySeconds: 90 }])
    expect(await listMonitorChannels(uptime.deps, member, id)).toEqual(bound)
    expect(await openFor()).toMatchObject([{ id: special, delaySeconds: 90 }])
    expect(await setMonitorChannels(uptime.deps, member, id, [])).toEqual([])
    expect(await openFor()).toMatchObject([{ id: usual }])
  })

  it("cannot be another org's", async () => {
    const [ann, eve] = [await uptime.found(), await uptime.found()]
    const { id } = await createMonitor(uptime.deps, ann, { type: 'heartbeat', config: {} })
    const foreign = (await createChannel(uptime.deps, eve, webhook())).channel.id
    await expect(
      setMonitorChannels(uptime.deps, ann, id, [{ channelId: foreign, delaySeconds: null }]),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(listMonitorChannels(uptime.deps, eve, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

it('deliveries are listed newest first, in pages', async () => {
  const member = await uptime.found()
  const { id } = (await createChannel(uptime.deps, member, webhook())).channel
  const made = []
  for (const title of ['A', 'B', 'C']) made.unshift((await createIncident(uptime.deps, member, { title })).id)
  const first = await listDeliveries(uptime.deps, member, id, { limit: 2 })
  expect(first.deliveries).toMatchObject([
    { incidentId: made[0], event: 'incident.created', state: 'queued', attempts: [], channelName: 'Hook' },
    { incidentId: made[1] },
  ])
  const rest = await listDeliveries(uptime.deps, member, id, { limit: 2, cursor: first.nextCursor ?? '' })
  expect(rest).toMatchObject({ deliveries: [{ incidentId: made[2] }], nextCursor: null })
})

it("another org's channel is refused in the words of one that never existed", async () => {
  const [ann, eve] = [await uptime.found(), await uptime.found()]
  const { id } = (await createChannel(uptime.deps, ann, webhook())).channel
  const calls = [
    (target: string) => updateChannel(uptime.deps, eve, target, { name: 'Mine' }),
    (target: string) => deleteChannel(uptime.deps, eve, target),
    (target: string) => testChannel(uptime.deps, eve, target),
    (target: string) => resendVerification(uptime.deps, eve, target),
    (target: string) => listDeliveries(uptime.deps, eve, target, {}),
  ]
  for (const call of calls) {
    const refusalOf = (target: string): Promise<unknown> => call(target).catch((error: unknown) => error)
    expect(await refusalOf(id)).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(await refusalOf(id)).toEqual(await refusalOf('01ARZ3NDEKTSV4RRFFQ69G5FAV'))
  }
  expect(await listChannels(uptime.deps, eve)).toEqual([])
})
