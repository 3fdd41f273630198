import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import {
  asGate,
  endSessionsOfRole,
  isPasswordTaken,
  listSessionsOfRole,
  replacePassword,
  within,
} from '@gatehouse/kernel/db'
import { replaceSecretFile, Secret } from '@gatehouse/kernel/secrets'
import { listNewCallers, listNewKeyDeciders } from '../../operations/store/address-store.ts'
import { readReplacements, type Replacement } from '../../operations/replaced-secrets.ts'
import { listOrgIds } from '../../operations/store/sealed-store.ts'
import { type Runbook, type RunbookContext, Unproven } from './runbook.ts'
import { heldSecret, isObserved, noServer, restoreSetting, swapSetting } from './swap-setting.ts'

/** An address that has not been seen for this long counts as new. */
const knownMs = 30 * 86_400_000
const addressesMax = 200

export const databaseUrl: Runbook = {
  title: 'DATABASE_URL, or the password of the bundled PostgreSQL',
  steps: [
    {
      id: 'password',
      kind: 'rotate',
      says: 'Give the role another password over the live connection, and keep it where the server finds it',
      run: async (context) => {
        const { local } = context
        const before = local.databaseUrl()
        const next = new URL(before.reveal())
        if (next.username === '')
          throw new Error('DATABASE_URL names no role whose password could be changed')
        next.password = randomBytes(24).toString('base64url')
        const url = new Secret(next.href)
        let file = ''
        const stored = (await readReplacements(local.secretsFolder)).DATABASE_URL
        try {
          await replacePassword(before, new Secret(next.password), async () => {
            file = await keep(context, before, url)
          })
        } catch (error) {
          // The commit failed, so the stored password would lock the server out.
          if (file !== '') await putBack(context, before, stored)
          throw error
        }
        return local.config.databaseUrl === undefined
          ? { file }
          : { file, next: 'Give the URL in this file to DATABASE_URL; on other nodes before anything else' }
      },
    },
    {
      id: 'sessions-end',
      kind: 'rotate',
      says: 'End every session that came in with the old password; the server comes in again with the new one',
      run: async ({ local }) => ({ ended: await endSessionsOfRole(local.databaseUrl()) }),
    },
    {
      id: 'old-is-refused',
      kind: 'check',
      says: 'The old password opens nothing, and the new one does',
      run: async (context) => {
        if (!(await isPasswordTaken(heldSecret(context, 'now'))))
          throw new Error('The new password does not open the database')
        if (await isPasswordTaken(heldSecret(context, 'before')))
          throw new Error(
            'The old password still opens the database: pg_hba.conf trusts whoever comes from here, so that no password protects it',
          )
        return { old: 'refused', new: 'accepted' }
      },
    },
    {
      id: 'server-is-back',
      kind: 'check',
      says: 'The server works with the new password',
      run: async (context) => {
        const statusOf = async (): Promise<number | undefined> => (await context.askServer('/readyz'))?.status
        if ((await statusOf()) === undefined) return new Unproven(noServer)
        if (!(await isObserved(context, async () => (await statusOf()) === 200)))
          throw new Error('The server is not ready: look at its log, and start it anew')
        return { status: 200 }
      },
    },
    {
      id: 'sessions-now',
      kind: 'investigate',
      says: 'From where the role is logged in now (pg_stat_activity)',
      run: async ({ local }) => ({
        sessions: (await listSessionsOfRole(local.databaseUrl())).map(
          ({ address, program, sessions }) => `${address} ${program} ${sessions}`,
        ),
      }),
    },
    {
      id: 'new-addresses',
      kind: 'investigate',
      says: 'Addresses that called or changed keys since the exposure, and had not in the 30 days before',
      run: async ({ local, options: { sinceMs }, signal }) => {
        const [callers, deciders]: [string[], string[]] = [[], []]
        const span = { sinceMs, knownFromMs: sinceMs - knownMs }
        for (const orgId of await asGate(local, listOrgIds)) {
          signal.throwIfAborted()
          const system = { kind: 'system', orgId, because: 'command' } as const
          await within(local, system, async (tx) => {
            for (const ip of await listNewCallers(tx, span, addressesMax)) callers.push(`${ip} ${orgId}`)
            for (const ip of await listNewKeyDeciders(tx, span, addressesMax)) deciders.push(`${ip} ${orgId}`)
          })
        }
        return { since: new Date(sinceMs).toISOString(), callers, deciders }
      },
    },
  ],
}

/** Stores the URL where the server, and every later command, looks for it. */
async function keep(context: RunbookContext, before: Secret, url: Secret): Promise<string> {
  const { local, held } = context
  if (local.config.databaseUrl !== undefined) return swapSetting(context, 'DATABASE_URL', url)
  held.set('before', before)
  held.set('now', url)
  const file = join(local.secretsFolder, 'database-password')
  await replaceSecretFile(file, `${new URL(url.reveal()).password}\n`)
  await local.secrets.reread()
  return file
}

async function putBack(
  context: RunbookContext,
  before: Secret,
  stored: Replacement | undefined,
): Promise<void> {
  const { local } = context
  if (local.config.databaseUrl !== undefined) return restoreSetting(context, 'DATABASE_URL', stored)
  const { password } = new URL(before.reveal())
  await replaceSecretFile(join(local.secretsFolder, 'database-password'), `${decodeURIComponent(password)}\n`)
}
