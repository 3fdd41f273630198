import type { Clock } from '@gatehouse/kernel/clock'
import { type Invalidations, toTestOrgId } from '@gatehouse/kernel/db'
import { socketCloses } from '@gatehouse/kernel/endpoint'
import type { KeyVerdict } from '@gatehouse/kernel/keys'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import {
  isScopeGranted,
  type KeyPrincipal,
  type MemberPrincipal,
  type Scope,
} from '@gatehouse/kernel/principal'

type Opener = KeyPrincipal | MemberPrincipal

/** An open WebSocket or event stream, for the code that ends it. */
export type OpenSocket = {
  readonly ip: string
  readonly scope: Scope | undefined
  readonly close: (code: number, reason: string) => void
  /** Destroys the connection without a closing handshake. */
  readonly cut: () => void
  /** Whether the session that opened it is still valid; keys are checked together, in one query. */
  readonly stillStands?: () => Promise<boolean>
}

export type OpenSockets = {
  /** False when the address has as many unauthenticated connections as it may have. */
  readonly add: (socket: OpenSocket, caller: Opener | undefined, unprovenMax: number) => boolean
  readonly prove: (socket: OpenSocket, caller: KeyPrincipal) => void
  readonly remove: (socket: OpenSocket) => void
  readonly isDraining: () => boolean
  /** Ends all of them with code 1001, in batches; new ones are refused from now on. */
  readonly drain: () => Promise<void>
}

export type OpenSocketsDeps = {
  readonly clock: Clock
  readonly log: Logger
  readonly news: Pick<Invalidations, 'isConnected' | 'subscribe'>
  readonly rereadKeys: (ids: readonly string[]) => Promise<(id: string, ip: string) => KeyVerdict>
}

const figures = {
  /** How often keys are read again while the channel of invalidations is down. */
  reviewEveryMs: 500,
  /** How often they are read again while it is up: a key may also expire. */
  fullReviewEveryMs: 30_000,
  /** For how long a connection stays open while the state of its key cannot be read. */
  unsureMsMax: 5_000,
  drain: { batch: 100, everyMs: 100, withinMs: 30_000, answerMs: 2_000 },
} as const

/**
 * Ends a connection as soon as the key or session that opened it would be refused (K7). Each node does so for its own
 * connections.
 */
export function createOpenSockets({ clock, log, news, rereadKeys }: OpenSocketsDeps): OpenSockets {
  const callers = new Map<OpenSocket, Opener | undefined>()
  const unproven = new Map<string, number>()
  let doubted = new Set<OpenSocket>()
  let isReviewing = false
  let unsureSinceMs: number | undefined
  let reviewedMs = clock.monotonic()
  let draining = false
  let whenEmpty: (() => void) | undefined

  const doubt = (isMeant: (caller: Opener) => boolean): void => {
    for (const [socket, caller] of callers) if (caller !== undefined && isMeant(caller)) doubted.add(socket)
    if (doubted.size > 0) unsureSinceMs ??= clock.monotonic()
  }

  const review = async (): Promise<void> => {
    if (isReviewing) return
    isReviewing = true
    let batch = new Set<OpenSocket>()
    try {
      while (doubted.size > 0) {
        batch = doubted
        doubted = new Set()
        const ids = new Set([...batch].flatMap((socket) => toKeyId(callers.get(socket)) ?? []))
        const judge = ids.size === 0 ? undefined : await rereadKeys([...ids])
        const standing = await Promise.all(
          [...batch].map(async (socket) => ({ socket, stands: await socket.stillStands?.() })),
        )
        if (doubted.size === 0) unsureSinceMs = undefined
        for (const { socket, stands } of standing) {
          const keyId = toKeyId(callers.get(socket))
          if (keyId !== undefined && judge !== undefined) endUnless(socket, judge(keyId, socket.ip))
          else if (stands === false) socket.close(socketCloses.keyGone, 'the session is over')
        }
      }
    } catch (error) {
      for (const socket of batch) doubted.add(socket)
      log.warn('Keys of open connections could not be read again', toErrorFields(error))
    } finally {
      isReviewing = false
    }
  }

  const tick = (): void => {
    const nowMs = clock.monotonic()
    if (callers.size === 0) {
      doubted.clear()
      unsureSinceMs = undefined
      return
    }
    if (!news.isConnected() || nowMs - reviewedMs >= figures.fullReviewEveryMs) {
      reviewedMs = nowMs
      doubt(() => true)
    }
    if (unsureSinceMs !== undefined && nowMs - unsureSinceMs >= figures.unsureMsMax) {
      unsureSinceMs = undefined
      doubted.clear()
      for (const socket of callers.keys()) socket.close(socketCloses.tryLater, 'try again later')
      return
    }
    void review()
  }
  const timer = setInterval(tick, figures.reviewEveryMs)
  timer.unref()
  const unsubscribe = news.subscribe((subject) => {
    const [kind, id = ''] = subject.split(':', 2)
    if (subject === '*' || kind === 'user') doubt(() => true)
    else if (kind === 'key') doubt((caller) => toKeyId(caller) === id)
    else if (kind === 'session') doubt((caller) => caller.kind === 'member' && caller.sessionId === id)
    else if (kind === 'org') doubt(({ orgId }) => orgId === id || orgId === toTestOrgId(id))
    void review()
  })

  const countUnproven = (ip: string, by: 1 | -1): void => {
    const count = (unproven.get(ip) ?? 0) + by
    if (count <= 0) unproven.delete(ip)
    else unproven.set(ip, count)
  }

  return {
    add: (socket, caller, unprovenMax) => {
      if (caller === undefined) {
        if ((unproven.get(socket.ip) ?? 0) >= unprovenMax) return false
        countUnproven(socket.ip, 1)
      }
      callers.set(socket, caller)
      // A notification between the authentication and this moment was missed, so the key is read again.
      if (caller !== undefined) doubt((one) => one === caller)
      void review()
      return true
    },
    prove: (socket, caller) => {
      if (!callers.has(socket) || callers.get(socket) !== undefined) return
      countUnproven(socket.ip, -1)
      callers.set(socket, caller)
      doubt((one) => one === caller)
      void review()
    },
    remove: (socket) => {
      if (callers.has(socket) && callers.get(socket) === undefined) countUnproven(socket.ip, -1)
      callers.delete(socket)
      doubted.delete(socket)
      if (callers.size === 0) whenEmpty?.()
    },
    isDraining: () => draining,
    drain: async () => {
      draining = true
      const { batch, everyMs, withinMs, answerMs } = figures.drain
      const all = [...callers.keys()]
      const size = Math.max(batch, Math.ceil((all.length * everyMs) / withinMs))
      for (let at = 0; at < all.length; at += size) {
        if (at > 0) await pause(everyMs)
        for (const socket of all.slice(at, at + size)) socket.close(socketCloses.goingAway, 'reconnect')
      }
      if (callers.size > 0)
        await Promise.race([new Promise<void>((resolve) => (whenEmpty = resolve)), pause(answerMs)])
      for (const socket of callers.keys()) socket.cut()
      clearInterval(timer)
      unsubscribe()
    },
  }
}

function toKeyId(caller: Opener | undefined): string | undefined {
  return caller?.kind === 'key' ? caller.keyId : undefined
}

function endUnless(socket: OpenSocket, verdict: KeyVerdict): void {
  if (verdict.accepted) {
    if (socket.scope !== undefined && !isScopeGranted(verdict.scopes, socket.scope))
      socket.close(socketCloses.notAllowed, 'not allowed')
  } else if (verdict.reason === 'org_suspended') socket.close(socketCloses.notAllowed, 'not allowed')
  else socket.close(socketCloses.keyGone, 'the key is no longer valid')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms))
}
