import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { Principal, SystemPrincipal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { lockChannel, setChannelVerified } from '../store/channel-store.ts'
import {
  clearVerificationToken,
  findVerification,
  findVerificationByToken,
} from '../store/verification-store.ts'
import { digestToken } from './heartbeat-token.ts'
import { findKind } from './open-channel.ts'
import { assertMailConfigured, requestVerification } from './request-verification.ts'

export async function resendVerification(deps: UptimeDeps, principal: Principal, id: string): Promise<void> {
  assertMailConfigured(deps)
  await mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const channel = await lockChannel(tx, id)
    if (channel === undefined) throw problems.NOT_FOUND({ detail: 'Channel not found' })
    if (findKind(channel.type)?.needsVerification !== true)
      throw problems.INVALID_TYPE({ detail: `A channel of type ${channel.type} needs no verification` })
    if (channel.verified) throw problems.INVALID_STATE({ detail: 'The address is verified already' })
    await requestVerification(deps, tx, channel, now)
    return {
      result: undefined,
      entry: { action: 'notification_channel.resend_verification', resourceId: id, at: now },
    }
  })
}

/** Whether the link is valid; asked before the page with the button is shown. */
export async function isVerificationOpen(
  deps: Pick<UptimeDeps, 'db' | 'clock'>,
  token: string,
): Promise<boolean> {
  return (await findLink(deps, token)) !== undefined
}

/**
 * Verifies the address, because whoever uses the link reads the mailbox. False if the link was used, expired or never
 * existed.
 */
export async function verifyChannel(
  deps: Pick<UptimeDeps, 'db' | 'clock' | 'audit'>,
  token: string,
): Promise<boolean> {
  const link = await findLink(deps, token)
  if (link === undefined) return false
  const principal: SystemPrincipal = { kind: 'system', orgId: link.orgId, because: 'mail link' }
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const verification = await findVerification(tx, link.id)
    const entry = {
      action: 'notification_channel.verify',
      resourceId: verification?.channelId ?? link.id,
      at: now,
    }
    if (verification === undefined || !(await clearVerificationToken(tx, link.id)))
      return {
        result: false,
        entry: { ...entry, outcome: 'refused', reason: 'the link is not good any more' },
      }
    await setChannelVerified(tx, verification.channelId, verification.email, now)
    return { result: true, entry }
  })
}

async function findLink(deps: Pick<UptimeDeps, 'db' | 'clock'>, token: string) {
  return asGate(deps, (tx) => findVerificationByToken(tx, digestToken(token), deps.clock.now()))
}
