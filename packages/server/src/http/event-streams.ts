import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { Endpoint, EventsReply, EventTerms, ServerEvent } from '@gatehouse/kernel/endpoint'
import { isRoleAtLeast, type MemberPrincipal } from '@gatehouse/kernel/principal'
import type { Answer } from './answer.ts'
import { type Caller, type GateDeps, readCredential } from './authenticate.ts'
import type { OpenSocket, OpenSockets } from './open-sockets.ts'
import { problems } from './problems.ts'

export type EventStreams = {
  readonly open: (
    endpoint: Endpoint,
    caller: Caller,
    request: Pick<IncomingMessage, 'rawHeaders'>,
    reply: EventsReply,
  ) => Answer
}

export type EventStreamsDeps = Pick<GateDeps, 'verifySession'> & { readonly openSockets: OpenSockets }

const figures = {
  /** Proxies and browsers give up what is silent. */
  beatEveryMs: 15_000,
  /** What a listener has not read yet; one that lets it grow is cut, and may go on after its last event. */
  unreadBytesMax: 262_144,
  /** A browser comes back after that. */
  retryMs: 2_000,
  /** Whoever does not take the end of a stream is cut. */
  endMsMax: 1_000,
  drainRetrySeconds: 5,
} as const

/** Holds streams of server-sent events open: each as long as its caller may have it, and reads it. */
export function createEventStreams({ openSockets, verifySession }: EventStreamsDeps): EventStreams {
  const counts = new Map<string, number>()
  const count = (name: string, by: 1 | -1): void => {
    const next = (counts.get(name) ?? 0) + by
    if (next <= 0) counts.delete(name)
    else counts.set(name, next)
  }

  /** A token that is over, a session that ended, or a lesser role would not open it again. */
  const toStanding = (
    { access }: Endpoint,
    { ip }: MemberPrincipal,
    request: Pick<IncomingMessage, 'rawHeaders'>,
  ): (() => Promise<boolean>) => {
    const credential = readCredential(request, ['authorization'])
    return async () => {
      if (credential.kind !== 'one' || access.kind !== 'session') return false
      const proof = await verifySession(credential.text, ip)
      return proof.accepted && isRoleAtLeast(proof.principal.role, access.role)
    }
  }

  const assertRoom = (subject: string, max: number, whose: string): void => {
    if ((counts.get(subject) ?? 0) >= max)
      throw problems.TOO_MANY_STREAMS({
        detail: `${whose} ${max} streams open, which is as many as may be: close one of them`,
      })
  }

  return {
    open: (endpoint, caller, request, reply) => {
      const { perCallerMax, perOrgMax } = termsOf(endpoint)
      if (caller.kind !== 'key' && caller.kind !== 'member')
        throw new Error(`${endpoint.path} is opened by a key or a person`)
      if (openSockets.isDraining())
        throw problems.UNAVAILABLE({
          detail: 'This server is stopping',
          retryAfterSeconds: figures.drainRetrySeconds,
        })
      const isKey = caller.kind === 'key'
      const own = isKey ? `key:${caller.keyId}` : `user:${caller.userId}`
      const org = `org:${caller.orgId}`
      assertRoom(own, perCallerMax, isKey ? 'This key has' : 'You have')
      assertRoom(org, perOrgMax, 'The organisation has')
      count(own, 1)
      count(org, 1)

      const stream = new Readable({ read: () => undefined })
      let isEnding = false
      const push = (text: string): void => {
        if (stream.destroyed || isEnding) return
        if (stream.readableLength > figures.unreadBytesMax) stream.destroy()
        else stream.push(text)
      }
      const end = (): void => {
        if (isEnding) return
        isEnding = true
        if (!stream.destroyed) stream.push(null)
        setTimeout(() => stream.destroy(), figures.endMsMax).unref()
      }
      push(`retry: ${figures.retryMs}\n\n`)
      const beat = setInterval(() => push(':\n\n'), figures.beatEveryMs)
      beat.unref()
      const known: OpenSocket = {
        ip: caller.ip,
        scope: endpoint.access.kind === 'key' ? endpoint.access.scope : undefined,
        close: end,
        cut: () => stream.destroy(),
        ...(isKey ? {} : { stillStands: toStanding(endpoint, caller, request) }),
      }
      const leave = reply.open({ send: (event) => push(toText(event)), end })
      stream.once('close', () => {
        clearInterval(beat)
        count(own, -1)
        count(org, -1)
        openSockets.remove(known)
        leave()
      })
      openSockets.add(known, caller, 0)
      return {
        status: 200,
        body: stream,
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store, no-transform',
          // Else nginx would hold events back until it has a bufferful.
          'x-accel-buffering': 'no',
        },
      }
    },
  }
}

function termsOf({ path, reply }: Endpoint): EventTerms {
  if ('events' in reply) return reply.events
  throw new Error(`${path} must say how many of its streams may be open`)
}

function toText({ id, event, data }: ServerEvent): string {
  // JSON has no line breaks of its own, so that it is one line of data.
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
