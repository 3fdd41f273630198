import { asWriter } from '@gatehouse/kernel/db'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { uptimePolicy } from '../policy.ts'
import { beat, listOverdueHeartbeats, listToWake, type MonitorKey } from '../store/claim-store.ts'
import { judgeOverdue } from './heartbeats.ts'
import type { JudgeDeps } from './judge-deps.ts'
import { judgeStored } from './judge-stored.ts'

export type PassTimeDeps = JudgeDeps & { readonly log: Logger }

const rowsMax = 500

/** Applies changes that time alone causes: expired verdicts and passed deadlines. */
export async function passTime(deps: PassTimeDeps, nodeId: string): Promise<void> {
  await judgeEach(deps, await asWriter(deps, (tx) => listToWake(tx, rowsMax)), judgeStored)
  const overdue = await asWriter(deps, (tx) => listOverdueHeartbeats(tx, rowsMax))
  if (overdue.length === 0) return
  // Runs first, so that a clock that leapt ahead is recorded as an outage of ours before anything is judged late.
  await asWriter(deps, (tx) => beat(tx, nodeId, uptimePolicy.outageAfterSeconds))
  await judgeEach(deps, overdue, judgeOverdue)
}

export async function judgeEach(
  deps: PassTimeDeps,
  keys: readonly MonitorKey[],
  judge: (deps: PassTimeDeps, key: MonitorKey) => Promise<void>,
): Promise<void> {
  for (const key of keys)
    await judge(deps, key).catch((error: unknown) =>
      // A monitor that cannot be judged must not block the others.
      deps.log.error('A monitor could not be judged', { ...key, ...toErrorFields(error) }),
    )
}
