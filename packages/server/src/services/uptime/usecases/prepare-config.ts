import {
  connectionHeaders,
  judgeHeader,
  type TargetInput,
  type TargetVerdict,
} from '@gatehouse/kernel/egress'
import type { FieldFault } from '@gatehouse/kernel/problem'
import { z } from 'zod'
import { probePolicy } from '../checks/probe.ts'
import { heartbeatConfig, type HttpAuth, httpConfig, tcpConfig } from '../contract/monitor-config.ts'
import type { UptimeDeps } from '../deps.ts'
import { echoConfig } from '../domain/config-echo.ts'
import type { MonitorType } from '../domain/monitor.ts'
import type { Target } from '../domain/target.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { toConfigFaults } from './to-config-faults.ts'

type Sent = Readonly<Record<string, unknown>>

/** A config that may be saved. */
export type PreparedConfig = {
  /** As it is stored and echoed. */
  readonly config: Sent
  readonly target: Target
  /** Null for a type that opens no connection. */
  readonly timeoutMs: number | null
  /** What was sent to be sealed, `keep` to leave what is sealed now, or `none`. */
  readonly auth: HttpAuth | 'keep' | 'none'
}

const monitorTypes: readonly MonitorType[] = ['http', 'tcp', 'heartbeat']

/** Headers that would carry a credential in clear, beside those that every client writes itself. */
const forbiddenHeaders = [...connectionHeaders, 'authorization', 'cookie', 'set-cookie']

export function parseMonitorType(type: string): MonitorType {
  const known = monitorTypes.find((name) => name === type)
  if (known === undefined)
    throw problems.INVALID_TYPE({ detail: `type: must be one of ${monitorTypes.join(', ')}` })
  return known
}

/**
 * Judges a config as it was sent, its target as well, which a name look-up may take a moment for: never inside a
 * transaction. Throws INVALID_CONFIG.
 */
export async function prepareConfig(
  deps: Pick<UptimeDeps, 'egress'>,
  type: MonitorType,
  sent: Sent,
): Promise<PreparedConfig> {
  const defaults = { timeoutMs: policy.timeoutMs.default, graceSeconds: policy.heartbeatGraceSeconds.default }
  const config = echoConfig(type, sent, defaults)
  switch (type) {
    case 'http': {
      const { url, headers = {}, auth, timeoutMs = defaults.timeoutMs } = parse(httpConfig, sent)
      assertHeadersAllowed(headers)
      if (auth !== undefined && 'header' in auth) assertAuthHeader(auth.header)
      await assertTarget(deps, 'config.url', url)
      const given = auth === undefined ? 'none' : 'set' in auth ? 'keep' : auth
      return { config, target: { type, url }, timeoutMs, auth: given }
    }
    case 'tcp': {
      const { hostname, port, timeoutMs = defaults.timeoutMs } = parse(tcpConfig, sent)
      await assertTarget(deps, 'config.hostname', { scheme: 'tcp', hostname, port })
      return { config, target: { type, hostname, port }, timeoutMs, auth: 'none' }
    }
    case 'heartbeat':
      parse(heartbeatConfig, sent)
      return { config, target: { type }, timeoutMs: null, auth: 'none' }
  }
}

/** What a stored config looks at. */
export function toTarget(type: MonitorType, config: Sent): Target {
  switch (type) {
    case 'http':
      return { type, ...z.object({ url: z.string() }).parse(config) }
    case 'tcp':
      return { type, ...z.object({ hostname: z.string(), port: z.number() }).parse(config) }
    case 'heartbeat':
      return { type }
  }
}

function parse<S extends z.ZodType>(schema: S, sent: Sent): z.output<S> {
  const parsed = schema.safeParse(sent)
  if (parsed.success) return parsed.data
  throw refuse(toConfigFaults(parsed.error))
}

function assertHeadersAllowed(headers: Readonly<Record<string, string>>): void {
  const faults = Object.entries(headers).flatMap(([name, value]) => {
    const verdict = judgeHeader(name, value, forbiddenHeaders)
    return verdict.accepted ? [] : [{ field: 'config.headers', message: verdict.sentence }]
  })
  if (faults.length > 0) throw refuse(faults)
}

function assertAuthHeader({ name, value }: { readonly name: string; readonly value: string }): void {
  const verdict = judgeHeader(name, value, connectionHeaders)
  if (!verdict.accepted) throw refuse([{ field: 'config.auth.header', message: verdict.sentence }])
}

async function assertTarget(
  deps: Pick<UptimeDeps, 'egress'>,
  field: string,
  input: TargetInput,
): Promise<void> {
  const verdict = await deps.egress.judgeTargetNow(input, probePolicy)
  if (!verdict.accepted) throw refuse([{ field, message: toMessage(verdict) }])
}

function toMessage({ reason, sentence }: Extract<TargetVerdict, { accepted: false }>): string {
  switch (reason) {
    case 'name':
    case 'address':
      return 'this address may not be monitored'
    case 'userinfo':
      return 'must not contain credentials; put them in auth'
    case 'malformed':
    case 'scheme':
    case 'port':
      return sentence
  }
}

function refuse(fields: readonly FieldFault[]): Error {
  return problems.INVALID_CONFIG({ fields })
}
