import { asGate, type GateTx } from '@gatehouse/kernel/db'
import { isRoleAtLeast, type MemberPrincipal } from '@gatehouse/kernel/principal'
import type { Secret } from '@gatehouse/kernel/secrets'
import { judgePoll, type PollVerdict, toKeyName } from '../domain/device-login.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { digestToken } from './single-use-token.ts'
import { deleteDeviceLogin, lockDevice, setPolled, type WaitingDevice } from '../store/device-login-store.ts'
import { findMember, findMembership } from '../store/membership-store.ts'
import { createKey } from './create-key.ts'
import { findDeviceKey } from './device-key.ts'
import type { KeyUseDeps } from './key-deps.ts'
import type { Visit } from './open-member-session.ts'

/**
 * Makes the key of an approved device when it is collected, so that it is never stored. The log-in is deleted before
 * the key is made: of any number of concurrent callers one gets the key.
 */
export async function collectDeviceKey(
  deps: KeyUseDeps,
  deviceCode: string,
  { ip }: Pick<Visit, 'ip'>,
): Promise<Secret> {
  const found = await asGate(deps, async (tx) => {
    const now = deps.clock.now()
    const waiting = await lockDevice(tx, digestToken(deviceCode), now)
    return waiting && (await poll(tx, waiting, now))
  })
  if (found === undefined) throw problems.EXPIRED_TOKEN({ detail: 'This log-in was used or has expired' })
  const { waiting, verdict } = found
  switch (verdict.kind) {
    case 'pending':
      if (verdict.waitSeconds === null) throw problems.AUTHORIZATION_PENDING()
      throw problems.AUTHORIZATION_PENDING({
        detail: `Ask every ${verdict.waitSeconds} seconds from here on`,
        retryAfterSeconds: verdict.waitSeconds,
      })
    case 'denied':
      throw problems.ACCESS_DENIED()
    case 'approved': {
      const { client, createdAtMs } = waiting.login
      const approver = await findApprover(deps, verdict.userId, verdict.orgId, ip)
      const { service, scopes } = findDeviceKey(deps, approver.role)
      const allowed = new Set<string>(scopes)
      const days = policy.deviceKeyDays
      const { secret } = await createKey(deps, approver, {
        service,
        name: toKeyName(client, createdAtMs),
        scopes: verdict.scopes.filter((scope) => allowed.has(scope)),
        expiresAtMs: deps.clock.now() + days * 86_400_000,
        renewDays: days,
        standsFor: approver.userId,
        admit: async (tx) => {
          if ((await findMember(tx, approver.userId)) === undefined) throw noLonger()
        },
      })
      return secret
    }
  }
}

type Polled = { readonly waiting: WaitingDevice; readonly verdict: PollVerdict }

async function poll(tx: GateTx, waiting: WaitingDevice, nowMs: number): Promise<Polled> {
  const { login, state, polledAtMs, pollSeconds } = waiting
  const verdict = judgePoll(state, polledAtMs, pollSeconds, policy.devicePollSeconds, nowMs)
  switch (verdict.kind) {
    case 'pending':
      await setPolled(tx, login.id, verdict.waitSeconds ?? pollSeconds, nowMs)
      break
    case 'denied':
    case 'approved':
      await deleteDeviceLogin(tx, login.id)
      break
  }
  return { waiting, verdict }
}

/** The person who approved; the key stands for them, provided that they may still make such a key. */
async function findApprover(
  deps: KeyUseDeps,
  userId: string,
  orgId: string,
  ip: string,
): Promise<MemberPrincipal> {
  const membership = await asGate(deps, (tx) => findMembership(tx, userId, orgId))
  if (membership === undefined || membership.isOrgSuspended || !isRoleAtLeast(membership.role, 'member'))
    throw noLonger()
  return { kind: 'member', userId, orgId, role: membership.role, ip, sessionId: '' }
}

function noLonger(): Error {
  return problems.ACCESS_DENIED({ detail: 'Whoever approved this device may not do so any more' })
}
