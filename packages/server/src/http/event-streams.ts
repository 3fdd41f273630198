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
  /** Proxies and browsers close silent connections. */
  beatEveryMs: 15_000,
  /**
   * The most unread bytes of a stream. A client that exceeds it is disconnected, and may continue after its last event.
   */
  unreadBytesMax: 262_144,
  /** The time after which a browser reconnects. */
  retryMs: 2_000,
  /** A client that does not read the end of its stream within this time is disconnected. */
  endMsMax: 1_000,
  drainRetrySeconds: 5,
} as const

/** Keeps streams of server-sent events open, each for as long as its caller is authorized and reads it. */
export function createEventStreams({ openSockets, verifySession }: EventStreamsDeps): EventStreams {
  const counts = new Map<string, number>()
  const count = (name: string, by: 1 | -1): void => {
    const next = (counts.get(name) ?? 0) + by
    if (next <= 0) counts.delete(name)
    else counts.set(name, next)
  }

  /** Whether the session would open the stream again: not with an expired token, an ended session or a lesser role. */
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
          // Without this header, nginx would hold events back until a buffer is full.
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
  // JSON contains no line breaks, so it fits one `data` line.
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
