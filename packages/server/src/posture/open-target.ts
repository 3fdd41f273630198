import type { TLSSocket } from 'node:tls'
import { type Egress, EgressError, egressDefaults, type EgressPolicy } from '@gatehouse/kernel/egress'
import type { Handshake, ProbeAnswer, ProbeCall, ProbeOrg, Target } from './target.ts'

export type TargetOptions = {
  readonly origin: string
  readonly egress: Pick<Egress, 'request' | 'openConnection'>
  readonly orgs: readonly ProbeOrg[]
  readonly signal: AbortSignal
  /** How many requests may be sent; the next one throws. */
  readonly requestsMax: number
  /** Returns an address of this machine that no other probe of the run dials from; called for each `fromElsewhere`. */
  readonly nextAddress: () => string | undefined
  /** Called before each request is sent. */
  readonly onCall?: (call: ProbeCall) => void
  /** Waits when the deployment asks the client to come back later; absent: such an answer is returned. */
  readonly waitMs?: (ms: number, signal: AbortSignal) => Promise<void>
}

const answerBytesMax = 8_388_608
/** The longest window of a limit that probes meet, with a margin for the part of it that is counted as a whole. */
const pauseSecondsMax = 75

/** Opens one deployment for one probe. Its egress dials the host and port of `origin`, and nothing else. */
export function openTarget(options: TargetOptions): Target {
  const budget = { left: options.requestsMax }
  return toTarget(options, budget)
}

type Budget = { left: number }

function toTarget(options: TargetOptions, budget: Budget): Target {
  const { origin, egress, orgs, signal } = options
  const url = new URL(origin)
  const policy = toPolicy(url)
  const from = options.nextAddress()
  const place = { policy, signal, ...(from === undefined ? {} : { from }) }
  const sendOnce = async (path: string, call: ProbeCall): Promise<ProbeAnswer> => {
    if (budget.left === 0)
      throw new Error(`The probe may send ${options.requestsMax} requests and wants more`)
    budget.left -= 1
    options.onCall?.(call)
    const { status, headers, body, phases } = await egress.request({
      ...place,
      ...toRequest(call),
      url: `${origin}${path}`,
      readBody: { bytesMax: answerBytesMax, whenOver: 'refuse' },
    })
    return {
      status,
      headers: toHeaders(headers),
      text: body?.toString('utf8') ?? '',
      tookMs: (phases.ttfbMs ?? 0) + (phases.downloadMs ?? 0),
    }
  }
  return {
    origin,
    orgs,
    send: async (path, call = {}) => {
      for (;;) {
        const answer = await sendOnce(path, call)
        const againMs = call.isOfLimit === true ? undefined : toPauseMs(answer)
        if (againMs === undefined || options.waitMs === undefined) return answer
        await options.waitMs(againMs, signal)
      }
    },
    handshake: async (newest) => {
      if (url.protocol !== 'https:') return null
      const port = Number(url.port || 443)
      try {
        const { socket } = await egress.openConnection({
          ...place,
          target: { scheme: 'tls', hostname: url.hostname.replace(/^\[|\]$/g, ''), port },
          tls: { newest },
        })
        // Safe: the scheme tls gives a TLSSocket.
        const spoken = (socket as TLSSocket).getProtocol()
        socket.destroy()
        return { spoken, refusedBecause: null }
      } catch (error) {
        return toRefusal(error)
      }
    },
    fromElsewhere: () => toTarget(options, budget),
  }
}

/**
 * How long to wait after a 429 answer; undefined for another answer, or if the wait is longer than a probe can afford.
 */
function toPauseMs({ status, headers }: ProbeAnswer): number | undefined {
  const seconds = Number(headers.get('retry-after'))
  return status === 429 && seconds >= 1 && seconds <= pauseSecondsMax ? seconds * 1000 : undefined
}

function toPolicy(url: URL): EgressPolicy {
  return {
    ...egressDefaults,
    userAgent: 'Gatehouse-Posture/1.0',
    schemes: ['http', 'https', 'tls'],
    hosts: [url.hostname.replace(/^\[|\]$/g, '')],
    ports: [Number(url.port || (url.protocol === 'https:' ? 443 : 80))],
    // The operator of the server, or the user of the command, chose this host.
    operatorConfigured: true,
    bodyBytesMax: answerBytesMax,
    headerBytesMax: 65_536,
  }
}

function toRequest({ method, credential, headers = {}, body }: ProbeCall) {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  return {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      ...(body === undefined || hasType ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
  }
}

function toHeaders(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Headers {
  const list = new Headers()
  for (const [name, value] of Object.entries(headers))
    for (const one of [value ?? []].flat()) list.append(name, one)
  return list
}

/** A failed handshake is a result; an unreachable deployment is not. */
function toRefusal(error: unknown): Handshake {
  if (error instanceof EgressError && error.code === 'tls_protocol')
    return { spoken: null, refusedBecause: error.reason ?? error.code }
  throw error
}
