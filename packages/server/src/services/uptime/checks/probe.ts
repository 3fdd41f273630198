import { EgressError, egressDefaults, type Egress, type EgressPolicy } from '@gatehouse/kernel/egress'
import { assessContact, type Looked, unableToLook } from '../domain/assess.ts'
import { toHostAndPort } from '../domain/target.ts'
import type { Look } from '../monitor-types/define-monitor-type.ts'
import { type Place, toLookFault } from '../monitor-types/look-faults.ts'
import type { OwnFault } from '../monitor-types/own-faults.ts'
import { type LookTask, lookOnce, targetOf, timeoutOf } from '../monitor-types/watch.ts'
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

/** The result of a check; `error` is an internal error, for the log. */
export type Probed = { readonly looked: Looked; readonly error?: unknown }

/** Checks a target once, within its time-out. Every failure is returned as a result, never thrown. */
export async function probe(
  egress: Egress,
  { task, degradedAfterMs, freshName }: CheckTask,
): Promise<Probed> {
  const startedMs = performance.now()
  try {
    const { contact, fault } = await lookOnce(task, toLook(egress, toPlace(task).timeoutMs, freshName))
    return { looked: assessContact(contact, fault, degradedAfterMs) }
  } catch (error) {
    if (error instanceof EgressError) return { looked: toFailure(error, toPlace(task)) }
    // A failure that the target did not cause is ours, and must not be reported as "down".
    const totalMs = Math.round(performance.now() - startedMs)
    return isShortage(error)
      ? { looked: unable({ code: 'node_overloaded', values: {} }, { totalMs }) }
      : { looked: unable({ code: 'internal_error', values: {} }, { totalMs }), error }
  }
}

function toLook(egress: Egress, timeoutMs: number, fresh: boolean): Look {
  const bytesMax = uptimePolicy.responseBodyBytesMax
  return {
    connect: async (target) => {
      const opened = await egress.openConnection({ target, policy: probePolicy, timeoutMs, fresh })
      opened.socket.destroy()
      return { remoteAddress: opened.remoteAddress, phases: opened.phases }
    },
    request: ({ readsBody, ...request }) =>
      egress.request({
        ...request,
        policy: probePolicy,
        timeoutMs,
        fresh,
        readBody: readsBody ? { bytesMax } : 'none',
      }),
  }
}

function toPlace(task: LookTask): Place {
  const target = targetOf(task)
  const timeoutMs = timeoutOf(task)
  if (target === null || timeoutMs === null) throw new Error('Only what has a target is looked at')
  const isEncrypted = typeof target.input === 'string' && new URL(target.input).protocol === 'https:'
  return { ...toHostAndPort(target.input), timeoutMs, isEncrypted }
}

function toFailure(error: EgressError, place: Place): Looked {
  const { phases } = error
  if (error.code === 'dns_failed' && saysNothingOfTarget(error.rcode))
    return unable({ code: 'resolver_unavailable', values: {} }, phases)
  const remoteAddress = error.code === 'target_forbidden' ? null : (error.remoteAddress ?? null)
  return { outcome: 'down', ...toLookFault(error, place), phases, remoteAddress, statusCode: null }
}

/**
 * Whether the DNS failure is no evidence about the target: no name server answered, or all refused to serve this
 * machine.
 */
function saysNothingOfTarget(rcode: string | undefined): boolean {
  return rcode === undefined || rcode === 'REFUSED'
}

/**
 * Whether this machine was short of descriptors, ports, memory or resolver capacity: a transient condition, not a
 * bug.
 */
function isShortage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && shortages.has(code)
}

const shortages: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EAGAIN',
  'EADDRNOTAVAIL',
  'ECANCELLED',
])

function unable(fault: OwnFault, phases: Parameters<typeof unableToLook>[1]): Looked {
  return unableToLook(fault, phases)
}
