import type { Sealer } from '@gatehouse/kernel/secrets'
import type { HttpExpectation } from '../domain/assess.ts'
import { toStatusRanges } from '../domain/status-range.ts'
import { type HttpAuth, httpConfig, tcpConfig } from '../contract/monitor-config.ts'
import { uptimePolicy } from '../policy.ts'
import { openMonitorSecrets } from '../usecases/monitor-secrets.ts'
import type { TaskOfType } from './check-task.ts'

export type StoredMonitor = {
  readonly orgId: string
  readonly monitorId: string
  readonly type: string
  readonly config: unknown
  readonly sealedConfig: string | null
  readonly degradedAfterMs: number | null
}

/** What one look at a stored monitor needs, its credentials opened. Undefined: nothing looks at this type. */
export function toCheckTask(sealer: Sealer, monitor: StoredMonitor): TaskOfType | undefined {
  switch (monitor.type) {
    case 'http':
      return toHttpTask(sealer, monitor)
    case 'tcp': {
      const { hostname, port, timeoutMs } = tcpConfig.parse(monitor.config)
      return { type: 'tcp', hostname, port, timeoutMs: timeoutMs ?? uptimePolicy.timeoutMs.default }
    }
    default:
      return undefined
  }
}

function toHttpTask(sealer: Sealer, monitor: StoredMonitor): TaskOfType {
  const config = httpConfig.parse(monitor.config)
  const { orgId, monitorId: id, sealedConfig } = monitor
  const auth = openMonitorSecrets(sealer, orgId, { id, sealedConfig })?.auth
  const expectation: HttpExpectation = {
    expectedStatuses: toStatusRanges(config.expectedStatuses, config.expectedStatus),
    keyword: config.keyword ?? null,
    keywordMustExist: config.keywordMustExist ?? true,
    jsonChecks: config.jsonChecks ?? [],
    degradedAfterMs: monitor.degradedAfterMs,
  }
  return {
    type: 'http',
    url: config.url,
    method: config.method ?? 'GET',
    headers: {
      ...config.headers,
      ...(config.contentType === undefined ? {} : { 'content-type': config.contentType }),
      ...(auth === undefined ? {} : toAuthHeader(auth)),
    },
    body: config.body ?? null,
    verifyCertificate: config.tlsVerify ?? true,
    timeoutMs: config.timeoutMs ?? uptimePolicy.timeoutMs.default,
    expectation,
  }
}

function toAuthHeader(auth: HttpAuth): Record<string, string> {
  if ('bearer' in auth) return { authorization: `Bearer ${auth.bearer}` }
  if ('header' in auth) return { [auth.header.name]: auth.header.value }
  const { user, password } = auth.basic
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}` }
}
