import {
  type Database,
  ensurePartitions,
  kernelMigrations,
  kernelPartitions,
  kernelPersonalTables,
  migrate,
} from '@gatehouse/kernel/db'
import { prepareJobs } from '@gatehouse/kernel/jobs'
import { platformSchema } from './platform/schema.ts'
import { uptimeSchema } from './services/uptime/schema.ts'

const modules = [platformSchema, uptimeSchema]

export const migrations = [...kernelMigrations, ...modules.flatMap((module) => module.migrations)]

export const partitions = [...kernelPartitions, ...modules.flatMap((module) => module.partitions)]

export const personalTables = [...kernelPersonalTables, ...modules.flatMap((module) => module.personal)]

/** Brings the database to what this version needs; returns the names of the migrations that were applied. */
export async function prepareSchema(db: Database, nowMs: number): Promise<readonly string[]> {
  await prepareJobs(db)
  const applied = await migrate(db, migrations)
  await ensurePartitions(db, partitions, nowMs)
  return applied
}
