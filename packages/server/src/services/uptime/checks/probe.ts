import { EgressError, egressDefaults, type Egress, type EgressPolicy } from '@gatehouse/kernel/egress'
import { needsBody, type MessageValues, type ProbeResult } from '../domain/assess.ts'
import { uptimePolicy } from '../policy.ts'
import type { CheckTask } from './check-task.ts'

export const probePolicy: EgressPolicy = {
  ...egressDefaults,
  userAgent: uptimePolicy.userAgent,
  schemes: ['http', 'https', 'tcp'],
  headerBytesMax: uptimePolicy.responseHeaderBytesMax,
  bodyBytesMax: uptimePolicy.responseBodyBytesMax,
  connectTimeoutMs: uptimePolicy.timeoutMs.max,
}

/** Looks at a target once, within its time-out. Whatever goes wrong on the way is a result, not an exception. */
export async function probe(egress: Egress, task: CheckTask): Promise<ProbeResult> {
  const startedMs = performance.now()
  try {
    return task.type === 'http' ? await probeHttp(egress, task) : await probeTcp(egress, task)
  } catch (error) {
    if (error instanceof EgressError) return toFailure(error, task)
    // What is not the target's doing is ours: no descriptors left, say. It must not read as "down".
    const totalMs = Math.round(performance.now() - startedMs)
    return { kind: 'unable', code: 'node_overloaded', values: {}, phases: { ...noPhases, totalMs } }
  }
}

const noPhases = { dnsMs: null, connectMs: null, tlsMs: null, ttfbMs: null, downloadMs: null }

async function probeHttp(egress: Egress, task: CheckTask & { type: 'http' }): Promise<ProbeResult> {
  const { url, method, headers, body, timeoutMs, verifyCertificate, expectation, freshName } = task
  const response = await egress.request({
    url,
    method,
    headers,
    ...(body === null ? {} : { body }),
    policy: probePolicy,
    timeoutMs,
    verifyCertificate,
    fresh: freshName,
    readBody: needsBody(expectation) ? { bytesMax: uptimePolicy.responseBodyBytesMax } : 'none',
  })
  return {
    kind: 'answered',
    phases: response.phases,
    remoteAddress: response.remoteAddress,
    status: response.status,
    location: response.headers.location?.slice(0, 2_048) ?? null,
    body: response.body?.toString('utf8') ?? null,
    bodyBytes: response.body?.length ?? 0,
    truncated: response.truncated,
  }
}

async function probeTcp(
  egress: Egress,
  { hostname, port, timeoutMs, freshName }: CheckTask & { type: 'tcp' },
): Promise<ProbeResult> {
  const { socket, remoteAddress, phases } = await egress.openConnection({
    target: { scheme: 'tcp', hostname, port },
    policy: probePolicy,
    timeoutMs,
    fresh: freshName,
  })
  socket.destroy()
  return { kind: 'connected', phases, remoteAddress }
}

function toFailure(error: EgressError, task: CheckTask): ProbeResult {
  const phases = error.phases
  if (error.code === 'dns_failed' && saysNothingOfTarget(error.rcode))
    return { kind: 'unable', code: 'resolver_unavailable', values: {}, phases }
  const remoteAddress = error.code === 'target_forbidden' ? null : (error.remoteAddress ?? null)
  return { kind: 'failed', code: error.code, phases, remoteAddress, values: toValues(error, task) }
}

/** None of our name servers answered, or all of them refuse to serve this machine. */
function saysNothingOfTarget(rcode: string | undefined): boolean {
  return rcode === undefined || rcode === 'REFUSED'
}

function toValues(error: EgressError, task: CheckTask): MessageValues {
  const [host = '', port = ''] = splitTarget(task)
  switch (error.code) {
    case 'dns_not_found':
      return { host }
    case 'dns_failed':
      return { host, rcode: error.rcode ?? 'unknown' }
    case 'connect_refused':
    case 'network_unreachable':
      return { ip: error.remoteAddress ?? host, port }
    case 'connect_timeout':
    case 'tls_timeout':
    case 'response_timeout':
      return { seconds: task.timeoutMs / 1000 }
    case 'tls_expired':
      return {
        date:
          error.expiredAtMs === undefined
            ? 'an earlier day'
            : new Date(error.expiredAtMs).toISOString().slice(0, 10),
      }
    case 'tls_name_mismatch':
      return { host }
    case 'tls_untrusted':
      return { reason: error.reason ?? 'its issuer is unknown' }
    case 'target_forbidden':
    case 'connection_reset':
    case 'tls_protocol':
    case 'invalid_http':
    case 'headers_too_large':
    case 'body_too_large':
      return {}
  }
}

function splitTarget(task: CheckTask): readonly string[] {
  if (task.type === 'tcp') return [task.hostname, String(task.port)]
  const { hostname, port, protocol } = new URL(task.url)
  return [hostname, port === '' ? (protocol === 'https:' ? '443' : '80') : port]
}
