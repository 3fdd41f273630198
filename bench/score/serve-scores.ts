import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { query, within } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { serveMeasured } from '../served-process.ts'
import { startWholeServer, type Tenant } from '../whole-server.ts'

const tenants = 8

await serveMeasured(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-score-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const server = await startWholeServer(folder, 'oversight')
  const made: Tenant[] = []
  for (let at = 0; at < tenants; at += 1) made.push(await server.addTenant(`org-${at}`))
  return {
    port: Number(new URL(server.origin).port),
    // One key an organisation, and where the database and the keys are for whoever verifies afterwards.
    headers: Object.fromEntries([['folder', folder], ...made.map(({ orgId, key }) => [orgId, key] as const)]),
    settle: async () => {
      let rows = 0
      for (const { orgId } of made) {
        const { rows: counted } = await within(
          server,
          { kind: 'system', orgId, because: 'benchmark' },
          (tx) =>
            sql<{ count: string }>`
            SELECT count(*) FROM oversight.interaction WHERE org_id = ${orgId}`.execute(query(tx)),
        )
        rows += Number(counted[0]?.count)
      }
      return rows
    },
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
})
