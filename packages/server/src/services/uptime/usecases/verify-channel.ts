import { mutate } from '@gatehouse/kernel/audit'
import { asGate, within } from '@gatehouse/kernel/db'
import type { Principal, SystemPrincipal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { lockChannel, setChannelVerified } from '../store/channel-store.ts'
import {
  clearVerificationToken,
  findVerification,
  findVerificationByToken,
  setVerificationToken,
} from '../store/verification-store.ts'
import { digestToken, newToken } from './heartbeat-token.ts'
import { assertMailConfigured, requestVerification } from './request-verification.ts'

export async function resendVerification(deps: UptimeDeps, principal: Principal, id: string): Promise<void> {
  assertMailConfigured(deps)
  await mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const channel = await lockChannel(tx, id)
    if (channel === undefined) throw problems.NOT_FOUND({ detail: 'Channel not found' })
    if (channel.type !== 'email')
      throw problems.INVALID_TYPE({ detail: `A channel of type ${channel.type} needs no verification` })
    if (channel.verified) throw problems.INVALID_STATE({ detail: 'The address is verified already' })
    await requestVerification(deps, tx, channel, now)
    return { result: undefined, entry: { action: 'notification_channel.resend_verification', resourceId: id, at: now } }
  })
}

/** What the mail that asks for verification says. */
export type VerificationMail = {
  readonly to: string
  readonly url: string
  readonly channelName: string
  readonly language: 'en' | 'ja'
}

/**
 * Makes the link of a verification mail that is about to be sent; the one of an earlier try stops working. Undefined:
 * nobody is to be asked any more.
 */
export async function prepareVerificationMail(
  deps: Pick<UptimeDeps, 'db' | 'clock' | 'randomBytes' | 'publicUrl'>,
  orgId: string,
  verificationId: string,
): Promise<VerificationMail | undefined> {
  return within(deps, { kind: 'system', orgId, because: 'verification mail' }, async (tx) => {
    const verification = await findVerification(tx, verificationId)
    if (verification === undefined || verification.expiresAtMs <= deps.clock.now()) return undefined
    const token = newToken(deps)
    await setVerificationToken(tx, verificationId, digestToken(token))
    const { email: to, channelName, language } = verification
    return { to, url: `${deps.publicUrl()}/channels/verify/${token}`, channelName, language }
  })
}

/** Whether the link would work now: asked before the page with the button is shown. */
export async function isVerificationOpen(deps: Pick<UptimeDeps, 'db' | 'clock'>, token: string): Promise<boolean> {
  return (await findLink(deps, token)) !== undefined
}

/** Takes the word of whoever reads the mailbox. Throws EXPIRED_TOKEN. */
export async function verifyChannel(
  deps: Pick<UptimeDeps, 'db' | 'clock' | 'audit'>,
  token: string,
): Promise<void> {
  const link = await findLink(deps, token)
  if (link === undefined) throw problems.EXPIRED_TOKEN()
  const principal: SystemPrincipal = { kind: 'system', orgId: link.orgId, because: 'mail link' }
  await mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const verification = await findVerification(tx, link.id)
    if (verification === undefined) throw problems.EXPIRED_TOKEN()
    const { channelId } = verification
    const channel = await lockChannel(tx, channelId)
    if (channel?.summary !== verification.email) throw problems.EXPIRED_TOKEN()
    if (!(await clearVerificationToken(tx, link.id))) throw problems.EXPIRED_TOKEN()
    await setChannelVerified(tx, channelId, now)
    return { result: undefined, entry: { action: 'notification_channel.verify', resourceId: channelId, at: now } }
  })
}

async function findLink(deps: Pick<UptimeDeps, 'db' | 'clock'>, token: string) {
  return asGate(deps, (tx) => findVerificationByToken(tx, digestToken(token), deps.clock.now()))
}
