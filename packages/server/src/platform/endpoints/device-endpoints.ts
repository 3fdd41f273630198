import { bind, type BoundEndpoint } from '@gatehouse/kernel/endpoint'
import * as contract from '../contract/device.ts'
import type { PlatformDeps } from '../deps.ts'
import { toKeyName } from '../domain/device-login.ts'
import { policy } from '../policy.ts'
import { toWireTime } from '../to-wire.ts'
import { collectDeviceKey } from '../usecases/collect-device-key.ts'
import { approveDevice, denyDevice, findDevice } from '../usecases/decide-device.ts'
import { startDeviceLogin } from '../usecases/start-device-login.ts'

export function deviceEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  return [
    bind(contract.startDeviceLogin, async (_visitor, { body }, context) => {
      const { deviceCode, userCode } = await startDeviceLogin(deps, body, context)
      const verificationUrl = `${deps.publicUrl()}/device`
      return {
        deviceCode: deviceCode.reveal(),
        userCode,
        verificationUrl,
        verificationUrlComplete: `${verificationUrl}?code=${userCode}`,
        expiresIn: policy.deviceLoginMinutes * 60,
        interval: policy.devicePollSeconds,
      }
    }),
    bind(contract.collectDeviceKey, async (_visitor, { body }, context) => {
      const key = await collectDeviceKey(deps, body.deviceCode, context)
      return { apiKey: key.reveal() }
    }),
    bind(contract.getDeviceLogin, async (member, { params }) => {
      const login = await findDevice(deps, member, params.userCode)
      const { client, ip, userAgent, callbackUrl, createdAtMs, expiresAtMs } = login
      return {
        client,
        ipAddress: ip,
        userAgent,
        callbackUrl,
        apiKeyName: toKeyName(client, createdAtMs),
        service: policy.deviceKey.service,
        scopes: [...policy.deviceKey.scopes],
        createdAt: toWireTime(createdAtMs),
        expiresAt: toWireTime(expiresAtMs),
      }
    }),
    bind(contract.approveDevice, async (member, { body }) => {
      const { client, createdAtMs, callbackUrl } = await approveDevice(deps, member, body.userCode)
      return { approved: true as const, apiKeyName: toKeyName(client, createdAtMs), callbackUrl }
    }),
    bind(contract.denyDevice, async (member, { body }) => {
      await denyDevice(deps, member, body.userCode)
      return { ok: true } as const
    }),
  ]
}
