import { join } from 'node:path'
import { limitMax } from '@gatehouse/kernel/limits'
import { createLogger } from '@gatehouse/kernel/log'
import { compose, type Server } from '../packages/server/src/compose.ts'
import { readServerConfig } from '../packages/server/src/config.ts'
import { createLocalKey, createLocalOwner, withLocalInstance } from '../packages/server/src/local/index.ts'
import type { Parts } from '../packages/server/src/parts.ts'
import type { ServiceModule } from '../packages/server/src/service/define-service.ts'

export type Tenant = { readonly orgId: string; readonly key: string }

export type WholeServer = Pick<Server, 'db' | 'origin' | 'stop'> & {
  /** An organisation and a key of its own, with the limits that every key has. */
  readonly addTenant: (name: string) => Promise<Tenant>
}

/** The whole server with its bundled PostgreSQL, in this process; `parts` let a benchmark take away what holds it up. */
export async function startWholeServer(
  folder: string,
  service: string,
  parts: Partial<Parts> = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<WholeServer> {
  const env = {
    GATEHOUSE_DATA: join(folder, 'data'),
    GATEHOUSE_FEEDS: 'off',
    GATEHOUSE_PROBES: 'off',
    GATEHOUSE_PORT: '0',
    GATEHOUSE_LOG_LEVEL: 'silent',
    ...settings,
  }
  const config = readServerConfig(env, folder)
  const log = createLogger(config.logLevel)
  const { db, origin, stop } = await compose({ config, log, env, parts })
  return {
    db,
    origin,
    stop,
    addTenant: (name) =>
      withLocalInstance({ env, folder, progress: () => undefined }, async (local) => {
        const email = `${name}@example.com`
        const { team } = await createLocalOwner(local, {
          email,
          orgName: name,
          password: 'a long one for a bench',
        })
        const wish = { service, scopes: undefined, name, org: team.id }
        const { apiKey } = await createLocalKey(local, wish)
        return { orgId: team.id, key: apiKey.key }
      }),
  }
}

/** A service whose limits count and never refuse, and which answers at once, also what fails. */
export function withoutLimits(service: ServiceModule): ServiceModule {
  const { gate } = service.policy
  const perKey = { ...gate.perKey, limit: limitMax }
  const beforeProof = { ...gate.beforeProof, limit: limitMax }
  return { ...service, policy: { ...service.policy, gate: { ...gate, floorMs: 0, perKey, beforeProof } } }
}
