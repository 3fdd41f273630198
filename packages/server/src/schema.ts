import {
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
import { platformSchema } from './platform/schema.ts'
import { uptimeSchema } from './services/uptime/schema.ts'

const modules = [platformSchema, uptimeSchema]

export const migrations = [...kernelMigrations, ...modules.flatMap((module) => module.migrations)]

export const partitions = [...kernelPartitions, ...modules.flatMap((module) => module.partitions)]

export const personalTables = [...kernelPersonalTables, ...modules.flatMap((module) => module.personal)]

/** How long everything stays: the one table that data is cut by. */
export const retention = [...kernelRetention, ...modules.flatMap((module) => module.retention)]

/** Every table with data of orgs, in the order in which it can be erased: a service's may refer to the kernel's. */
export const orgTables = [...modules.toReversed().flatMap((module) => module.orgs), ...kernelOrgTables]

/** Brings the database to what this version needs; returns the names of the migrations that were applied. */
export async function prepareSchema(db: Database, nowMs: number): Promise<readonly string[]> {
  await prepareJobs(db)
  const applied = await migrate(db, migrations)
  await ensurePartitions(db, partitions, nowMs)
  return applied
}
