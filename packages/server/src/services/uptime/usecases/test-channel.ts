import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { lockChannel, setTested } from '../store/channel-store.ts'

/** Sends one test and waits for the result. The cooldown counts attempts, not successes. */
export async function testChannel(deps: UptimeDeps, principal: Principal, id: string): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const channel = await lockChannel(tx, id)
    if (channel === undefined) throw problems.NOT_FOUND({ detail: 'Channel not found' })
    if (!channel.isActive) throw problems.CHANNEL_INACTIVE()
    if (!channel.verified) throw problems.CHANNEL_UNVERIFIED()
    const cooldownMs = policy.testCooldownSeconds * 1000
    const tested = await setTested(tx, id, now, now - cooldownMs)
    if (!tested.remembered) throw tooSoon(tested.lastAtMs + cooldownMs - now)
    return { result: undefined, entry: { action: 'notification_channel.test', resourceId: id, at: now } }
  })
  const outcome = await deps.notices.sendTest(principal, id)
  if (!outcome.sent)
    throw problems.DELIVERY_FAILED({ detail: `The test was not delivered: ${outcome.because}` })
}

function tooSoon(waitMs: number): Error {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000))
  const detail = `A channel can be tested every ${policy.testCooldownSeconds} s. Try again in ${retryAfterSeconds} s`
  return problems.TEST_COOLDOWN({ detail, retryAfterSeconds })
}
