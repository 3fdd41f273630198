import { type Decision, mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { type DeviceLogin, toKeyName } from '../domain/device-login.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { digestCode } from './short-code.ts'
import { countGuess, findWaitingDevice, forgiveGuess, setDecision } from '../store/device-login-store.ts'
import { findPerson } from '../store/user-store.ts'
import { findDeviceKey } from './device-key.ts'
import type { KeyUseDeps } from './key-deps.ts'

type DeviceDeps = Pick<PlatformDeps, 'mailer' | 'refusals'> & KeyUseDeps

const hourMs = 3_600_000

/** The device with this code, for a person who is about to decide on it. */
export async function findDevice(
  deps: DeviceDeps,
  member: MemberPrincipal,
  userCode: string,
): Promise<DeviceLogin> {
  const { userId, orgId, ip } = member
  const refuse = (reason: string): void => {
    const route = 'GET /dashboard/device/{userCode}'
    deps.refusals.note({ orgId, ip, route, reason, atMs: deps.clock.now() })
  }
  const digest = digestCode(deps.digests, 'device', userCode)
  // Commits whatever the outcome, so that a guess counts although it is refused.
  const { isVerified, guesses, login } = await asGate(deps, async (tx) => {
    const person = await findPerson(tx, userId)
    // Where no mail can be sent, no address can be verified; the fresh proof that approval requires has to suffice.
    if (person === undefined || (person.emailVerifiedAtMs === null && deps.mailer.isConfigured))
      return { isVerified: false, guesses: 0, login: undefined }
    const now = deps.clock.now()
    const counted = await countGuess(tx, userId, now, now + hourMs)
    if (counted > policy.deviceGuessesMax) return { isVerified: true, guesses: counted, login: undefined }
    const found = await findWaitingDevice(tx, digest, now)
    if (found !== undefined) await forgiveGuess(tx, userId)
    return { isVerified: true, guesses: counted, login: found }
  })
  if (!isVerified) {
    refuse('email_unverified')
    throw problems.EMAIL_UNVERIFIED()
  }
  if (guesses > policy.deviceGuessesMax) {
    refuse('too_many_device_codes')
    throw problems.TOO_MANY_ATTEMPTS({ detail: 'Too many wrong codes were typed; try again in an hour' })
  }
  if (login !== undefined) return login
  refuse('unknown_device_code')
  throw problems.EXPIRED_TOKEN({ detail: 'No device shows this code now; it may have expired' })
}

/**
 * Approves a device for the org in which the member acts. The key is made when the device collects it, and never
 * stored.
 */
export async function approveDevice(
  deps: DeviceDeps,
  member: MemberPrincipal,
  userCode: string,
): Promise<DeviceLogin> {
  const login = await findDevice(deps, member, userCode)
  const { client, ip, createdAtMs } = login
  const { scopes } = findDeviceKey(deps, member.role)
  const detail = { client, deviceIp: ip, keyName: toKeyName(client, createdAtMs), scopes: [...scopes] }
  await decide(deps, member, login, { state: 'approved', scopes }, { action: 'device.approve', detail })
  return login
}

export async function denyDevice(deps: DeviceDeps, member: MemberPrincipal, userCode: string): Promise<void> {
  const login = await findDevice(deps, member, userCode)
  const detail = { client: login.client, deviceIp: login.ip }
  await decide(deps, member, login, { state: 'denied', scopes: [] }, { action: 'device.deny', detail })
}

async function decide(
  deps: DeviceDeps,
  member: MemberPrincipal,
  { id }: DeviceLogin,
  decision: { readonly state: 'approved' | 'denied'; readonly scopes: readonly string[] },
  entry: Pick<Decision, 'action' | 'detail'>,
): Promise<void> {
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    if (!(await setDecision(tx, id, { ...decision, userId: member.userId }, now)))
      throw problems.EXPIRED_TOKEN()
    return { result: undefined, entry: { ...entry, resourceId: id, at: now } }
  })
}
