import { generateKeyPairSync } from 'node:crypto'
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuditLog, createCallLog } from '@gatehouse/kernel/audit'
import { createSealer, Secret } from '@gatehouse/kernel/secrets'
import type { MadeKey } from './keys.ts'
import { changingHandler, type Mutant, rewriting } from './mutant.ts'

let writeToLog: (error: unknown) => void = () => undefined

/** What is kept: the chain, what is sealed, the log, retention. */
export const recordMutants: readonly Mutant[] = [
  {
    claim: 'alerts.flapping-is-suppressed',
    group: 'wrapped',
    ...rewriting(
      'uptime.monitor_state',
      'UPDATE',
      `NEW.state := jsonb_set(NEW.state, '{flapping}', '{"changesAtMs": [], "window": null}')`,
    ),
  },
  {
    claim: 'audit.chains-verify',
    group: 'wrapped',
    weakened: { createAuditLog: ({ id }) => createAuditLog({ id, ...generateKeyPairSync('ed25519') }) },
  },
  { claim: 'retention.interactions', group: 'services' },
  { claim: 'retention.audit-and-alerts', group: 'services' },
  {
    claim: 'storage.secrets-are-sealed',
    group: 'wrapped',
    weakened: {
      createSealer: (master) => ({
        ...createSealer(master),
        seal: (_context, plain) => plain,
        open: (_context, kept) => new Secret(kept),
      }),
    },
  },
  {
    claim: 'storage.own-keys-lie-apart',
    group: 'wrapped',
    weaken: async ({ env }) => {
      const folder = join(env['GATEHOUSE_DATA'] ?? '', 'secrets')
      for (const name of await readdir(folder)) await chmod(join(folder, name), 0o644)
    },
  },
  {
    claim: 'storage.logs-hold-no-secret',
    group: 'services',
    weakened: {
      createCallLog: (db, onError) => {
        writeToLog = onError
        return createCallLog(db, onError)
      },
      ...changingHandler<unknown, MadeKey>('createApiKey', async ({ caller, input, handle }) => {
        const reply = await handle(caller, input)
        writeToLog(new Error(`Made the key ${reply.apiKey.key}`))
        return reply
      }),
    },
  },
  {
    claim: 'storage.database-is-reached-encrypted',
    group: 'services',
    // The same machine, by a name of it that nobody vouches for.
    settings: (databaseUrl) => {
      const url = new URL(databaseUrl)
      url.hostname = '[::ffff:127.0.0.1]'
      return { DATABASE_URL: url.href, GATEHOUSE_ALLOW_PLAIN: 'database' }
    },
  },
]
