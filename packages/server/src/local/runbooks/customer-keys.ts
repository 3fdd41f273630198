import { asGate } from '@gatehouse/kernel/db'
import { createKeyDigests, revokeKey } from '@gatehouse/kernel/keys'
import { type AskedOrg, askToRotateKeys } from '../../platform/index.ts'
import { listOrgIds } from '../../operations/store/sealed-store.ts'
import { rotateSecret } from '../secrets.ts'
import { assertKeyOfFile, loadOwnKeys } from './retire-versions.ts'
import { type Runbook, type RunbookContext, Unproven } from './runbook.ts'

const hourMs = 3_600_000

export const customerKeys: Runbook = {
  title: "Customers' API keys, whose digests leaked from the database",
  assertFits: assertKeyOfFile('pepper'),
  steps: [
    {
      id: 'pepper',
      kind: 'rotate',
      says: 'Give the pepper a new version, unless it has had one since the exposure',
      run: async (context) => {
        const held = await loadOwnKeys(context, 'pepper')
        const madeAtMs = (held.madeAtSeconds?.get(held.current) ?? 0) * 1_000
        const isNew = held.versions.size > 1 && madeAtMs >= context.options.sinceMs
        if (isNew) return { current: held.current, rotated: false }
        const { current } = await rotateSecret(context.local, context.env, 'pepper')
        return { current, rotated: true }
      },
    },
    {
      id: 'ask-owners',
      kind: 'rotate',
      says: 'Write to the owners of every organisation with keys from before how to replace them, once',
      run: async (context) => {
        const asked = await askAll(context)
        const found = {
          asked: asked.filter(({ isNew }) => isNew).length,
          askedBefore: asked.filter(({ isNew }) => !isNew).length,
        }
        return context.local.config.smtpUrl === undefined && asked.length > 0
          ? new Unproven('SMTP_URL is not set, so that no mail leaves: write to the owners yourself', found)
          : found
      },
    },
    {
      id: 'revoke',
      kind: 'rotate',
      says: 'Revoke what nobody replaced in time, where --revoke-after-hours says so',
      run: async (context) => {
        const { revokeAfterHours } = context.options
        if (revokeAfterHours === undefined) return { revoked: 0, told: 'Not asked for' }
        const { local } = context
        const digests = createKeyDigests(await loadOwnKeys(context, 'pepper'))
        const dueMs = local.clock.now() - revokeAfterHours * hourMs
        let revoked = 0
        for (const { orgId, askedAtMs, left } of await askAll(context)) {
          if (askedAtMs > dueMs) continue
          const principal = { kind: 'system', orgId, because: 'command' } as const
          for (const { id } of left) {
            context.signal.throwIfAborted()
            await revokeKey({ ...local, digests, shapes: {} }, principal, id)
            revoked += 1
          }
        }
        return { revoked }
      },
    },
    {
      id: 'old-keys-are-refused',
      kind: 'check',
      says: 'How many keys from before still open something',
      run: async (context) => {
        const left = (await askAll(context)).reduce((sum, org) => sum + org.left.length, 0)
        return left === 0
          ? { left }
          : new Unproven(
              `${left} keys from before still work. Run this again later, with --revoke-after-hours to revoke them`,
              { left },
            )
      },
    },
    {
      id: 'who-has-not',
      kind: 'investigate',
      says: 'Who has replaced their keys, and who has not',
      run: async (context) => {
        const asked = await askAll(context)
        return {
          replaced: asked.filter(({ left }) => left.length === 0).map(({ orgId }) => orgId),
          waiting: asked
            .filter(({ left }) => left.length > 0)
            .map(({ orgId, left, rotated }) => `${orgId} ${left.length} left, ${rotated} replaced`),
        }
      },
    },
  ],
}

async function askAll(context: RunbookContext): Promise<readonly AskedOrg[]> {
  const { local, options } = context
  const asked: AskedOrg[] = []
  for (const orgId of await asGate(local, listOrgIds)) {
    context.signal.throwIfAborted()
    const wish = { sinceMs: options.sinceMs, revokedAfterHours: options.revokeAfterHours ?? null }
    const one = await askToRotateKeys(local, orgId, wish)
    if (one !== undefined) asked.push(one)
  }
  return asked
}
