import { randomBytes } from 'node:crypto'
import { asGate } from '@gatehouse/kernel/db'
import { createSealer, Secret } from '@gatehouse/kernel/secrets'
import { findWebhookEndpoint, rotateWebhookSecret } from '@gatehouse/kernel/webhooks'
import { listOrgIds } from '../../operations/store/sealed-store.ts'
import { loadOwnKeys } from './retire-versions.ts'
import type { Runbook, RunbookContext } from './runbook.ts'
import { heldSecret } from './swap-setting.ts'

export const webhookSecret: Runbook = {
  title: 'The secret with which messages to one webhook endpoint are signed',
  assertFits: ({ options: { webhook } }) => {
    if (webhook === undefined) throw new Error('Name the endpoint: --webhook whe_…')
  },
  steps: [
    {
      id: 'rotate',
      kind: 'rotate',
      says: 'Give the endpoint a new secret; the old one signs nothing more, not even beside it',
      run: async (context) => {
        const { orgId, service } = await findOwner(context)
        const { webhook = '' } = context.options
        const deps = {
          ...context.local,
          sealer: createSealer(await loadOwnKeys(context, 'master-key')),
          randomBytes,
          service,
        }
        const principal = { kind: 'system', orgId, because: 'command' } as const
        const minted = await rotateWebhookSecret(deps, principal, webhook, { isExposed: true })
        context.held.set('now', minted.secret)
        context.held.set('org', new Secret(orgId))
        context.person.sees(`The new secret of ${webhook}, for its receiver: ${minted.secret.reveal()}`)
        return { webhook, organisation: orgId }
      },
    },
    {
      id: 'old-signs-nothing',
      kind: 'check',
      says: 'No secret of before is kept for the endpoint',
      run: async (context) => {
        const principal = {
          kind: 'system',
          orgId: heldSecret(context, 'org').reveal(),
          because: 'command',
        } as const
        const endpoint = await findWebhookEndpoint(context.local, principal, context.options.webhook ?? '')
        if (endpoint === undefined) throw new Error('The endpoint is gone')
        if (endpoint.previousSecretUntilMs !== null)
          throw new Error('The secret of before still signs beside the new one')
        return { state: endpoint.state }
      },
    },
    {
      id: 'receiver',
      kind: 'investigate',
      says: 'What the receiver may have believed',
      run: async () => ({
        told: 'Whoever held the secret could send the receiver messages of their own: compare what it took since the exposure with the delivery log of the endpoint',
      }),
    },
  ],
}

async function findOwner(
  context: RunbookContext,
): Promise<{ readonly orgId: string; readonly service: string }> {
  const { local, options } = context
  for (const orgId of await asGate(local, listOrgIds)) {
    const principal = { kind: 'system', orgId, because: 'command' } as const
    const endpoint = await findWebhookEndpoint(local, principal, options.webhook ?? '')
    if (endpoint !== undefined) return { orgId, service: endpoint.service }
  }
  throw new Error(`There is no webhook endpoint ${options.webhook}`)
}
