import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { Target } from '../target.ts'
import {
  ask,
  assertSeen,
  firstOrg,
  lightPaths,
  mintKey,
  type ProbeKey,
  revoke,
  show,
  UnseenError,
} from './ask.ts'
import { wait } from './wear-out.ts'

/** The interval between two calls while waiting for a key to be refused. */
const askAgainMs = 50

/** Lets a key of the account API rotate itself; the old one must be refused within the claimed time. */
export async function diesOnRotation(
  target: Target,
  signal: AbortSignal,
  { kernel: { revocationMs } }: PosturePolicy,
): Promise<Finding> {
  const org = firstOrg(target)
  const before = await mintKey(target, org, 'volatility')
  await useOnce(target, before)
  const rotated = await ask(target, z.object({ api_key: z.string() }), '/v1/me/rotate-key', {
    method: 'POST',
    ...show('volatility', before.key),
  })
  const finding = await watchEnd(target, before.key, revocationMs, signal)
  const next = await target.send(lightPaths.volatility, show('volatility', rotated.api_key))
  if (next.status === 401) return fails('The key that a rotation gave is refused')
  return finding
}

/** Revokes a key as its owner; it must be refused within the claimed time. */
export async function diesOnRevocation(
  target: Target,
  signal: AbortSignal,
  { kernel: { revocationMs } }: PosturePolicy,
): Promise<Finding> {
  const org = firstOrg(target)
  const key = await mintKey(target, org, 'volatility')
  await useOnce(target, key)
  await revoke(target, org, key)
  return watchEnd(target, key.key, revocationMs, signal)
}

/** Uses a key once, so that nodes cache it: the end of a key that was never used would prove nothing. */
async function useOnce(target: Target, { key }: ProbeKey): Promise<void> {
  const { status } = await target.send(lightPaths.volatility, show('volatility', key))
  if (status !== 200) throw new UnseenError(`A new key was answered ${status}`)
}

async function watchEnd(
  target: Target,
  key: string,
  withinMs: number,
  signal: AbortSignal,
): Promise<Finding> {
  const endedMs = performance.now()
  for (;;) {
    const askedMs = performance.now()
    const { status } = await target.send(lightPaths.volatility, show('volatility', key))
    assertSeen({ status }, lightPaths.volatility)
    const afterMs = Math.round(askedMs - endedMs)
    if (status === 401) return holds({ refusedAfterMs: afterMs, claimedMs: withinMs })
    if (afterMs > withinMs)
      return fails(`An ended key still opened the API after ${afterMs} ms`, { afterMs, claimedMs: withinMs })
    await wait(askAgainMs, signal)
  }
}
