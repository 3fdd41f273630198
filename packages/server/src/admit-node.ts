import {
  holdNodeLock,
  type InvalidationChannel,
  type NodeLock,
  type NodeLockMode,
} from '@gatehouse/kernel/db'
import type { Logger } from '@gatehouse/kernel/log'

/** The longest time that a node may take to finish its work after it was told to stop. */
const patienceMsMax = 20_000

const remedies: Readonly<Record<NodeLockMode, string>> = {
  alone:
    'another node runs on this database, and without VALKEY_URL this one would count limits by itself. ' +
    'Stop the other node, or set VALKEY_URL to the same Valkey for every node',
  shared:
    'another node runs on this database without VALKEY_URL, and counts limits by itself. ' +
    'Stop it, or start it again with the VALKEY_URL of this one',
}

/**
 * Takes the node lock, so that this node may run beside the present ones; throws an error that says why it may not. If
 * nodes count limits separately, no limit holds.
 */
export async function admitNode(
  channel: InvalidationChannel,
  hasValkey: boolean,
  log: Logger,
  patienceMs = patienceMsMax,
): Promise<NodeLock> {
  const mode = hasValkey ? 'shared' : 'alone'
  const lock = await holdNodeLock(channel, {
    mode,
    patienceMs,
    onWait: () =>
      log.warn(`Another node runs on this database: waiting up to ${patienceMs / 1_000} s for it to end`),
    onRefused: () => log.error(`Limits do not hold any more: ${remedies[mode]}`),
    onHeldAgain: () => log.warn('No node counts limits by itself beside another any more'),
  })
  if (lock === undefined) throw new Error(`Gatehouse will not start: ${remedies[mode]}`)
  return lock
}
