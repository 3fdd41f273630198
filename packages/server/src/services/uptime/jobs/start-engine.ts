import { randomUUID } from 'node:crypto'
import { asWriter } from '@gatehouse/kernel/db'
import { uptimePolicy } from '../policy.ts'
import { beat, listUnjudged } from '../store/claim-store.ts'
import { type CheckLoopDeps, startCheckLoop } from './check-loop.ts'
import { startFlushLoop } from './flush-loop.ts'
import { followClock } from './follow-clock.ts'
import { judgeStored } from './judge-stored.ts'
import { judgeEach, passTime } from './pass-time.ts'
import { startLoop } from '../../../service/start-loop.ts'

const everySecondMs = 1_000
const rowsMax = 500
const unjudgedSinceMs = 3_600_000

export type EngineDeps = Omit<CheckLoopDeps, 'flush' | 'nodeId' | 'everyMs'>

/**
 * Starts this node's loops: checks, results, passage of time, deadlines, and the work that an earlier node left
 * unfinished.
 */
export async function startEngine(
  deps: EngineDeps,
  everyMs: number = uptimePolicy.claim.everyMs,
): Promise<{ readonly stop: () => Promise<void> }> {
  const { log } = deps
  const nodeId = randomUUID()
  await asWriter(deps, (tx) => beat(tx, nodeId, uptimePolicy.outageAfterSeconds))
  await judgeEach(deps, await asWriter(deps, (tx) => listUnjudged(tx, 0, 10_000)), judgeStored)

  const flush = startFlushLoop(deps)
  const checks = startCheckLoop({ ...deps, flush, nodeId, everyMs })
  const time = startLoop('uptime time', everySecondMs, log, () => passTime(deps, nodeId))
  const sweep = startLoop('uptime sweep', uptimePolicy.judgeAgainSeconds * 1000, log, async () => {
    await judgeEach(
      deps,
      await asWriter(deps, (tx) => listUnjudged(tx, deps.clock.now() - unjudgedSinceMs, rowsMax)),
      judgeStored,
    )
    await followClock(deps)
  })
  const seen = startLoop('uptime node', uptimePolicy.nodeSeenEverySeconds * 1000, log, () =>
    asWriter(deps, (tx) => beat(tx, nodeId, uptimePolicy.outageAfterSeconds)),
  )
  return {
    stop: async () => {
      await checks.stop()
      await Promise.all([time.stop(), sweep.stop(), seen.stop()])
      await flush.stop()
      await deps.pool.stop()
    },
  }
}
