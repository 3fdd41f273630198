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

/** Waits that no end of a key may take. */
const askAgainMs = 50

/** A key of the account API is rotated by itself; the one before must be refused within the time that is claimed. */
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

/** The owner revokes a key; it must be refused within the time that is claimed. */
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

/** A key that was never used is remembered nowhere, and its end would prove nothing. */
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
