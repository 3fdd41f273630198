import { randomUUID } from 'node:crypto'
import { asWriter, within } from '@gatehouse/kernel/db'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { uptimePolicy } from '../policy.ts'
import {
  beat,
  listOverdueHeartbeats,
  listStrandedDeliveries,
  listToWake,
  listUnjudged,
  type MonitorKey,
} from '../store/claim-store.ts'
import { type CheckLoopDeps, startCheckLoop } from './check-loop.ts'
import { wake } from './deliver.ts'
import { startFlushLoop } from './flush-loop.ts'
import { judgeOverdue } from './heartbeats.ts'
import { judgeStored } from './judge-stored.ts'
import { startLoop } from './start-loop.ts'

const everySecondMs = 1_000
const rowsMax = 500
const strandedAfterMs = 30_000
const unjudgedSinceMs = 3_600_000

export type EngineDeps = Omit<CheckLoopDeps, 'flush' | 'nodeId'>

/** Starts the loops of this node: checks, results, time, deadlines, and what an earlier node left behind. */
export async function startEngine(deps: EngineDeps): Promise<{ readonly stop: () => Promise<void> }> {
  const { log } = deps
  const nodeId = randomUUID()
  await asWriter(deps, (tx) => beat(tx, nodeId, uptimePolicy.outageAfterSeconds))
  await judgeAll(deps, await asWriter(deps, (tx) => listUnjudged(tx, 0, 10_000)))

  const flush = startFlushLoop(deps)
  const checks = startCheckLoop({ ...deps, flush, nodeId })
  const time = startLoop('uptime time', everySecondMs, log, async () => {
    await judgeAll(deps, await asWriter(deps, (tx) => listToWake(tx, rowsMax)))
    for (const key of await asWriter(deps, (tx) => listOverdueHeartbeats(tx, rowsMax)))
      await judgeOverdue(deps, key)
  })
  const sweep = startLoop('uptime sweep', uptimePolicy.judgeAgainSeconds * 1000, log, async () => {
    await judgeAll(
      deps,
      await asWriter(deps, (tx) => listUnjudged(tx, deps.clock.now() - unjudgedSinceMs, rowsMax)),
    )
    await wakeStranded(deps)
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

async function judgeAll(
  deps: EngineDeps & { readonly log: Logger },
  keys: readonly MonitorKey[],
): Promise<void> {
  for (const key of keys)
    await judgeStored(deps, key).catch((error: unknown) =>
      // One monitor that cannot be judged must not hold up the others.
      deps.log.error('A monitor could not be judged', { ...key, ...toErrorFields(error) }),
    )
}

/** A node that ended between taking a delivery and sending it left no job behind; the row says that it is still due. */
async function wakeStranded(deps: EngineDeps): Promise<void> {
  const beforeMs = deps.clock.now() - strandedAfterMs
  for (const { orgId, deliveryId } of await asWriter(deps, (tx) =>
    listStrandedDeliveries(tx, beforeMs, rowsMax),
  ))
    await within(deps, { kind: 'system', orgId, because: 'delivery' }, (tx) =>
      wake(tx, deliveryId, undefined),
    )
}
