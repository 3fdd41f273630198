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

/** What a look came to; `error` is one of our own, for the log. */
export type Probed = { readonly looked: Looked; readonly error?: unknown }

/** Looks at a target once, within its time-out. Whatever goes wrong on the way is a result, not an exception. */
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
    // What is not the target's doing is ours, and must not read as "down".
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

/** None of our name servers answered, or all of them refuse to serve this machine. */
function saysNothingOfTarget(rcode: string | undefined): boolean {
  return rcode === undefined || rcode === 'REFUSED'
}

/** No descriptors, ports, memory or turns at the resolver left: passing trouble of this machine, and no fault of the code. */
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
