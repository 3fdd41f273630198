import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { asGate } from '@gatehouse/kernel/db'
import { countKeysByPepper } from '@gatehouse/kernel/keys'
import { createSealer } from '@gatehouse/kernel/secrets'
import { createWebhookEndpoint } from '@gatehouse/kernel/webhooks'
import type { RunbookId } from '../../operations/runbook-records.ts'
import { webhookService } from '../../service/publish-event.ts'
import { createLocalKey } from '../create-local-key.ts'
import type { LocalInstance } from '../local-instance.ts'
import { askElsewhere } from '../runbooks/ask-elsewhere.ts'
import { loadOwnKeys } from '../runbooks/retire-versions.ts'
import { isObserved } from '../runbooks/swap-setting.ts'
import { onInstance } from '../run-local-runbook.ts'
import { runRunbook, type RunbookRun, type RunbookTeller } from '../runbooks/run-runbook.ts'
import type { Person, RunbookContext, RunbookOptions } from '../runbooks/runbook.ts'
import type { DrillGround } from './drill-ground.ts'

/** How long a drill waits of the ten minutes in which two secrets are accepted. */
const overlapMs = 1_000
const sinceMs = 86_400_000

type DrillWish = {
  /** The folder in which the record is stored. */
  readonly dataFolder: string
  readonly teller: RunbookTeller
  readonly signal: AbortSignal
}

/** Takes every step of a runbook on temporary secrets; what a person would do is simulated in the external systems. */
export async function drillRunbook(
  ground: DrillGround,
  id: RunbookId,
  { dataFolder, teller, signal }: DrillWish,
): Promise<RunbookRun> {
  const told = prepare(ground, id)
  return ground.locally(async (local) => {
    const options: RunbookOptions = {
      sinceMs: local.clock.now() - sinceMs,
      tokenUrl: `${ground.provider.origin}/deployments`,
      overlapMs,
      ...(id === 'customer-keys' ? { revokeAfterHours: 0 } : {}),
    }
    const wish = { options, person: play(told, signal), signal }
    return onInstance(local, ground.env, ground.origin, wish, async (context) => {
      const begins = rehearse(ground, id, context, await addKey(local, ground, id))
      const webhook = id === 'webhook-secret' ? await registerEndpoint(ground, context) : undefined
      const given = { ...context, options: { ...options, webhook } }
      return runRunbook(id, given, {
        isDrill: true,
        dataFolder,
        teller: {
          ...teller,
          begins: async (step, ...rest) => {
            await begins(step.id)
            await teller.begins(step, ...rest)
          },
        },
      })
    })
  })
}

/** Does what customers would do between two steps: they use their key, and they get a mail. */
function rehearse(
  { mails, origin, apiKey }: DrillGround,
  id: RunbookId,
  context: RunbookContext,
  key: string | undefined,
): (step: string) => Promise<void> {
  const holds = async (): Promise<boolean> => {
    if (id === 'customer-keys') return mails.some((mail) => mail.includes('/v1/me/rotate-key'))
    // A key moves to the new pepper when it is used.
    for (const used of [apiKey, key])
      await askElsewhere(context, `${origin}/api/v1/monitors`, { authorization: `Bearer ${used}` })
    const { local } = context
    const counts = await asGate(local, (tx) => countKeysByPepper(tx, local.clock.now()))
    const { current } = await loadOwnKeys(context, 'pepper')
    return [...counts.keys()].every((version) => version === current)
  }
  return async (step) => {
    const waits =
      (id === 'pepper' && step === 'old-is-refused') || (id === 'customer-keys' && step === 'revoke')
    if (waits && !(await isObserved(context, holds)))
      throw new Error('The customers of this drill did not answer')
  }
}

/** Creates a key under the pepper of before the drill. */
async function addKey(
  local: LocalInstance,
  { org }: DrillGround,
  id: RunbookId,
): Promise<string | undefined> {
  if (id !== 'pepper' && id !== 'customer-keys') return undefined
  const wish = { service: 'uptime', scopes: ['monitors:read'], name: id, org }
  return (await createLocalKey(local, wish)).apiKey.key
}

/** Does in the external systems what a person would do there, and returns what they would then type. */
function prepare({ provider }: DrillGround, id: RunbookId): readonly string[] {
  const fresh = (): string => randomBytes(24).toString('base64url')
  if (id === 'paddle-api-key') {
    const key = `pdl_drill_${fresh()}`
    provider.take('paddleKey', key)
    provider.begin('transactions', { id: 'txn_of_somebody_else' })
    provider.begin('subscriptions', { id: 'sub_of_somebody_else' })
    return [key]
  }
  if (id === 'paddle-webhook-secret') {
    const event_id = `evt_missed_${randomUUID()}`
    const occurred_at = new Date(Date.now()).toISOString()
    provider.lose({ event_id, event_type: 'subscription.drilled', occurred_at, data: {} })
    return [`pdl_ntfset_${fresh()}`]
  }
  if (id === 'sentry-dsn') {
    const key = randomBytes(16).toString('hex')
    provider.take('sentryKey', key)
    return [`http://${key}@127.0.0.1:${provider.port}/1`]
  }
  if (id === 'deploy-token') {
    const [before, now] = [fresh(), fresh()]
    provider.take('deployToken', now)
    return [before, now, '1']
  }
  return []
}

function play(lines: readonly string[], signal: AbortSignal): Person {
  const left = [...lines]
  return {
    does: async () => undefined,
    tells: async (_step, what) => {
      const line = left.shift()
      if (line === undefined) throw new Error(`Nobody of this drill knows: ${what}`)
      return line
    },
    sees: () => undefined,
    waits: async (until) => {
      await wait(Math.max(0, until.getTime() - Date.now()), undefined, { signal })
    },
  }
}

/** Registers an endpoint of the drill's org, to which nothing is ever sent. */
function registerEndpoint(
  { org, provider }: DrillGround,
  { local, egress }: RunbookContext,
): Promise<string> {
  const deps = {
    ...local,
    egress,
    randomBytes,
    sealer: createSealer(local.keys.master),
    service: webhookService,
    endpointsMax: 10,
  }
  const wish = { url: `${provider.origin}/hook`, description: 'drill', events: ['key.created'] }
  return createWebhookEndpoint(deps, { kind: 'system', orgId: org, because: 'command' }, wish).then(
    ({ endpoint }) => endpoint.id,
  )
}
