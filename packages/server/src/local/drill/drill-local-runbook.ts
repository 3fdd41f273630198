import { resolve } from 'node:path'
import { readServerConfig } from '../../config.ts'
import type { LocalOptions } from '../local-instance.ts'
import type { RunbookWish } from '../run-local-runbook.ts'
import type { RunbookRun } from '../runbooks/run-runbook.ts'
import { withDrillGround } from './drill-ground.ts'
import { drillRunbook } from './drill-runbook.ts'

/**
 * Drills a runbook on a temporary instance, of which only the record is kept, among those of this machine's instance.
 */
export function drillLocalRunbook(
  { env, folder, progress }: LocalOptions,
  { id, teller, signal }: Pick<RunbookWish, 'id' | 'signal' | 'teller'>,
): Promise<RunbookRun> {
  const dataFolder = resolve(folder, readServerConfig(env, folder).dataFolder)
  progress('Starting a throw-away instance for the drill …\n')
  return withDrillGround((ground) => drillRunbook(ground, id, { dataFolder, teller, signal }))
}
