import {
  assertNotNewer,
  type Database,
  ensurePartitions,
  kernelMigrations,
  kernelOrgTables,
  kernelPartitions,
  kernelPersonalTables,
  migrate,
} from '@gatehouse/kernel/db'
import { prepareJobs } from '@gatehouse/kernel/jobs'
import { kernelRetention } from '@gatehouse/kernel/retention'
import { webhookOrgTables, webhookSealedColumns } from '@gatehouse/kernel/webhooks'
import { platformSchema } from './platform/schema.ts'
import { postureSchema } from './posture/schema.ts'
import type { ServiceFacts, ServiceSchema } from './service/define-service.ts'
import { services } from './services.ts'

/** Joins the schemas of the kernel, the platform and these services. */
export function toSchema(of: readonly Pick<ServiceFacts, 'schema'>[]): ServiceSchema {
  const parts = [platformSchema, postureSchema, ...of.map((service) => service.schema)]
  return {
    migrations: [...kernelMigrations, ...parts.flatMap(({ migrations }) => migrations)],
    partitions: [...kernelPartitions, ...parts.flatMap(({ partitions }) => partitions)],
    personal: [...kernelPersonalTables, ...parts.flatMap(({ personal }) => personal)],
    retention: [...kernelRetention, ...parts.flatMap(({ retention }) => retention)],
    // In the order in which they can be erased: a service's tables may refer to the platform's, and both to the
    // kernel's.
    orgs: [...parts.toReversed().flatMap(({ orgs }) => orgs), ...webhookOrgTables, ...kernelOrgTables],
    sealed: [...webhookSealedColumns, ...parts.flatMap(({ sealed }) => sealed)],
  }
}

/** The schema of this instance. */
export const schema = toSchema(services)

/** Migrates the database to this version; returns the names of the migrations that were applied. */
export async function prepareSchema(
  db: Database,
  nowMs: number,
  { migrations, partitions }: Pick<ServiceSchema, 'migrations' | 'partitions'> = schema,
): Promise<readonly string[]> {
  await assertNotNewer(db, migrations)
  await prepareJobs(db)
  const applied = await migrate(db, migrations)
  await ensurePartitions(db, partitions, nowMs)
  return applied
}
