import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { deviceEndpoints } from '../contract/device.ts'
import type { PlatformDeps } from '../deps.ts'
import { toKeyName } from '../domain/device-login.ts'
import { policy } from '../policy.ts'
import { toTime } from '../../service/shapes.ts'
import { collectDeviceKey } from '../usecases/collect-device-key.ts'
import { approveDevice, denyDevice, findDevice } from '../usecases/decide-device.ts'
import { findDeviceKey } from '../usecases/device-key.ts'
import { startDeviceLogin } from '../usecases/start-device-login.ts'

export function deviceHandlers(deps: PlatformDeps): HandlersOf<typeof deviceEndpoints> {
  return {
    startDeviceLogin: async (_visitor, { body }, context) => {
      const { deviceCode, userCode } = await startDeviceLogin(deps, body, context)
      const verificationUrl = `${deps.publicUrl()}/app/device`
      return {
        deviceCode: deviceCode.reveal(),
        userCode,
        verificationUrl,
        verificationUrlComplete: `${verificationUrl}?code=${userCode}`,
        expiresIn: policy.deviceLoginMinutes * 60,
        interval: policy.devicePollSeconds,
      }
    },
    collectDeviceKey: async (_visitor, { body }, context) => {
      const key = await collectDeviceKey(deps, body.deviceCode, context)
      return { apiKey: key.reveal() }
    },
    getDeviceLogin: async (member, { params }) => {
      const login = await findDevice(deps, member, params.userCode)
      const { service, scopes } = findDeviceKey(deps, member.role)
      const { client, ip, userAgent, callbackUrl, createdAtMs, expiresAtMs } = login
      return {
        client,
        ipAddress: ip,
        userAgent,
        callbackUrl,
        apiKeyName: toKeyName(client, createdAtMs),
        service,
        scopes: [...scopes],
        keyExpiresAfterDays: policy.deviceKeyDays,
        createdAt: toTime(createdAtMs),
        expiresAt: toTime(expiresAtMs),
      }
    },
    approveDevice: async (member, { body }) => {
      const { client, createdAtMs, callbackUrl } = await approveDevice(deps, member, body.userCode)
      return { approved: true as const, apiKeyName: toKeyName(client, createdAtMs), callbackUrl }
    },
    denyDevice: async (member, { body }) => {
      await denyDevice(deps, member, body.userCode)
      return { ok: true } as const
    },
  }
}
