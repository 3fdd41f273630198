import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { Secret } from '@gatehouse/kernel/secrets'
import type { PlatformDeps } from '../deps.ts'
import type { DeviceClient, DeviceLogin } from '../domain/device-login.ts'
import { policy } from '../policy.ts'
import { digestCode, mintUserCode } from './short-code.ts'
import { mintToken } from './single-use-token.ts'
import { insertDeviceLogin } from '../store/device-login-store.ts'
import type { Visit } from './open-member-session.ts'

export type StartedDevice = {
  readonly login: DeviceLogin
  /** The secret with which the device collects its key. */
  readonly deviceCode: Secret
  /** The code that a person types. */
  readonly userCode: string
}

const minuteMs = 60_000
const triesMax = 5

export async function startDeviceLogin(
  deps: Pick<PlatformDeps, 'db' | 'clock' | 'digests'>,
  { client, callbackUrl }: { readonly client: DeviceClient; readonly callbackUrl?: string | undefined },
  { ip, userAgent }: Visit,
): Promise<StartedDevice> {
  const now = deps.clock.now()
  const { token, digest } = mintToken()
  const login: DeviceLogin = {
    id: newId(now),
    client,
    callbackUrl: callbackUrl ?? null,
    ip,
    userAgent: userAgent?.slice(0, 400) ?? null,
    expiresAtMs: now + policy.deviceLoginMinutes * minuteMs,
    createdAtMs: now,
  }
  for (let tries = 0; tries < triesMax; tries += 1) {
    const userCode = mintUserCode()
    const digests = { device: digest, userCode: digestCode(deps.digests, 'device', userCode) }
    if (await asGate(deps, (tx) => insertDeviceLogin(tx, login, digests, policy.devicePollSeconds)))
      return { login, deviceCode: new Secret(token), userCode }
  }
  throw new Error('Every code that was drawn is shown by another device')
}
