import { exitCodes, type Command } from '../command.ts'
import { readMoment } from '../read-moment.ts'

const paddleSteps = [
  'At Paddle, under Developer tools, Notifications: make a new secret for the destination of this instance.',
  'Set PADDLE_WEBHOOK_SECRET to the new secret and PADDLE_WEBHOOK_SECRET_PREVIOUS to the old one, and start the server anew: both are accepted.',
  'After ten minutes take PADDLE_WEBHOOK_SECRET_PREVIOUS away, and start the server anew: the new one alone is accepted.',
  "Run this command: it fetches Paddle's log of events and takes what did not arrive. What arrived counts once.",
] as const

export const runbookList: Command = {
  name: 'runbook list',
  summary: 'List what to do when a secret may be in the wrong hands',
  options: {},
  examples: ['gatehouse runbook list'],
  run: async (_values, { out }) => {
    out(
      'paddle-webhook-secret\tThe secret of payment events: replaced, and what was missed meanwhile fetched\n',
    )
    return exitCodes.done
  },
}

export const runbookPaddleWebhookSecret: Command = {
  name: 'runbook run paddle-webhook-secret',
  summary: 'Say how the secret of payment events is replaced, and fetch the events that were missed',
  description: [
    "On the server's own machine, with the server's settings; works while the server runs. Needs PADDLE_API_KEY. In this order:",
    ...paddleSteps.map((step, index) => `${index + 1}. ${step}`),
  ].join('\n'),
  options: {
    since: {
      type: 'string',
      placeholder: 'TIME',
      about: 'From when on events are fetched, in UTC; unset: three days ago',
    },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse runbook run paddle-webhook-secret',
    'gatehouse runbook run paddle-webhook-secret --since 2026-11-30T08:00:00Z --json',
  ],
  run: async (values, { env, folder, out, note, progress, interruption }) => {
    const { since } = values
    const sinceMs = since === undefined ? undefined : readMoment('since', String(since))
    const { replayPaymentEvents, withLocalInstance } = await import('@gatehouse/server/local')
    for (const [index, step] of paddleSteps.entries()) note(`${index + 1}. ${step}\n`)
    const signal = interruption()
    const replay = await withLocalInstance({ env, folder, progress }, (local) =>
      replayPaymentEvents(local, { sinceMs, signal }),
    )
    const { read, missed, secrets, seconds } = replay
    if (values['json'] === true) out(`${JSON.stringify(replay)}\n`)
    else out(`read\t${read}\nmissed\t${missed}\nsince\t${replay.since}\nseconds\t${seconds}\n`)
    if (secrets > 1)
      note('PADDLE_WEBHOOK_SECRET_PREVIOUS is still set: the old secret is accepted until it is gone\n')
    if (secrets === 0) note('PADDLE_WEBHOOK_SECRET is not set: no event is accepted by the server\n')
    return exitCodes.done
  },
}
