import { randomUUID } from 'node:crypto'
import { Secret } from '@gatehouse/kernel/secrets'
import { signPaddle } from '../../services/volatility/billing/verify-paddle-signature.ts'
import { fetchMissedPayments } from '../fetch-missed-payments.ts'
import { type Runbook, type RunbookContext, Unproven } from './runbook.ts'
import { assertSet, heldSecret, isObserved, noServer, swapSetting } from './swap-setting.ts'

export const paddleWebhookSecret: Runbook = {
  title: 'PADDLE_WEBHOOK_SECRET, with which payment events are signed',
  assertFits: ({ local }) => {
    assertSet(local, 'PADDLE_WEBHOOK_SECRET')
    assertSet(local, 'PADDLE_API_KEY')
    if (local.config.paddleSecretBefore !== undefined)
      throw new Error(
        'PADDLE_WEBHOOK_SECRET_PREVIOUS is set, and would be accepted beside any other: unset it first',
      )
  },
  steps: [
    {
      id: 'swap',
      kind: 'rotate',
      says: 'Make a new secret for the destination at Paddle; it and the old one are accepted for ten minutes',
      needsPerson: true,
      run: async (context) => {
        const text = await context.person.tells('swap', 'The new secret', [
          'At Paddle, under Developer tools, Notifications: make a new secret for the destination of this instance.',
        ])
        if (!/^[\x21-\x7e]{8,512}$/.test(text))
          throw new Error('A secret has 8 to 512 visible ASCII characters')
        const { overlapMs } = context.options
        const file = await swapSetting(context, 'PADDLE_WEBHOOK_SECRET', new Secret(text), overlapMs)
        return { file, bothUntil: untilOf(context).toISOString() }
      },
    },
    {
      id: 'both-are-taken',
      kind: 'check',
      says: 'The server takes events signed by the new secret, and none signed by another',
      run: async (context) => {
        const foreign = await statusOf(context, new Secret(randomUUID()))
        if (foreign === undefined) return new Unproven(noServer)
        if (foreign !== 401)
          throw new Error(`The server answers ${foreign} to an event that somebody else signed`)
        const isTaken = async (): Promise<boolean> =>
          (await statusOf(context, heldSecret(context, 'now'))) === 200
        if (!(await isObserved(context, isTaken)))
          throw new Error('The server does not take events signed by the new secret')
        return { new: 200, foreign: 401 }
      },
    },
    {
      id: 'missed-events',
      kind: 'investigate',
      says: "Fetch Paddle's own log of events, and take what did not arrive; what arrived counts once",
      run: async (context) => {
        const { options, local, signal } = context
        const { read, missed } = await fetchMissedPayments(local, context.egress, options.sinceMs, signal)
        return { read, missed }
      },
    },
    {
      id: 'old-is-refused',
      kind: 'check',
      says: 'Once the ten minutes are over, the old secret is refused',
      run: async (context) => {
        await context.person.waits(untilOf(context))
        const { secrets } = context.local
        if (secrets.accepted('PADDLE_WEBHOOK_SECRET').length > 1)
          throw new Error('Two secrets are still accepted')
        const status = await statusOf(context, heldSecret(context, 'before'))
        if (status === undefined) return new Unproven(noServer)
        if (status !== 401)
          throw new Error(`The server answers ${status} to an event signed by the old secret`)
        return { old: status }
      },
    },
  ],
}

function untilOf(context: RunbookContext): Date {
  const value = context.held.get('until')
  const until =
    value === undefined ? context.local.clock.now() + context.options.overlapMs : Number(value.reveal())
  context.held.set('until', new Secret(String(until)))
  return new Date(until)
}

/**
 * The status with which the server answers an event without effect, signed with this secret; it stores an accepted one.
 */
async function statusOf({ askServer, local }: RunbookContext, secret: Secret): Promise<number | undefined> {
  const now = local.clock.now()
  const ts = String(Math.floor(now / 1_000))
  const body = JSON.stringify({
    event_id: `evt_runbook_${randomUUID()}`,
    event_type: 'gatehouse.runbook',
    occurred_at: new Date(now).toISOString(),
    data: {},
  })
  const headers = {
    'content-type': 'application/json',
    'paddle-signature': `ts=${ts};h1=${signPaddle(secret, ts, body).toString('hex')}`,
  }
  return (await askServer('/v1/billing/paddle', { method: 'POST', headers, body }))?.status
}
