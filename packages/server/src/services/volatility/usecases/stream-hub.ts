import type { SocketConnection, SocketListener } from '@gatehouse/kernel/endpoint'
import { socketCloses } from '@gatehouse/kernel/endpoint'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import { volatilityPolicy } from '../policy.ts'
import { createEventLog, type EventLog } from './follow-events.ts'
import { createStreamClient } from './stream-client.ts'
import type { Opening, StreamClient, StreamTools } from './stream-tools.ts'
import { createStreamUse, type StreamUse } from './stream-use.ts'

export type StreamHub = {
  /** Takes a place among the organisation's connections on all nodes. */
  readonly take: StreamUse['take']
  readonly open: (connection: SocketConnection, opening: Opening) => SocketListener
  readonly start: () => Promise<{ readonly stop: () => Promise<void> }>
}

const { stream } = volatilityPolicy

/** Manages the open streams of this node, and passes events to each. */
export function createStreamHub(
  deps: Pick<ServiceDeps, 'clock' | 'db' | 'log' | 'news'>,
  lookUps: Omit<StreamTools, 'clock' | 'log' | 'events' | 'take' | 'sit'>,
  events: EventLog = createEventLog(deps),
): StreamHub {
  const use = createStreamUse(deps)
  const clients = new Set<StreamClient>()
  const seats = new Map<string, StreamClient[]>()

  const leave = (client: StreamClient, orgId: string): void => {
    const left = (seats.get(orgId) ?? []).filter((one) => one !== client)
    if (left.length === 0) seats.delete(orgId)
    else seats.set(orgId, left)
  }
  const tools: StreamTools = {
    ...lookUps,
    clock: deps.clock,
    log: deps.log,
    events,
    take: use.take,
    sit: (client, { orgId }, seat) => {
      seats.set(orgId, [...(seats.get(orgId) ?? []), client])
      return () => {
        leave(client, orgId)
        seat.release()
      }
    },
  }

  /** If a plan allows fewer connections than are open, the newest are closed. */
  const reviewPlan = async (orgId: string): Promise<void> => {
    const [first] = seats.get(orgId) ?? []
    if (first?.principal === undefined) return
    const { limits } = await lookUps.planOf(first.principal)
    const fitting = await use.countFitting(orgId, limits.connectionsMax)
    for (const client of (seats.get(orgId) ?? []).slice(fitting))
      client.close(socketCloses.notAllowed, 'the plan allows fewer connections')
  }
  const reviewSymbols = async (isMeant: (principal: KeyPrincipal) => boolean): Promise<void> => {
    for (const client of clients)
      if (client.principal !== undefined && isMeant(client.principal)) await client.reviewSymbols()
  }
  /** Called after notifications may have been lost. */
  const reviewAll = async (): Promise<void> => {
    for (const orgId of seats.keys()) await reviewPlan(orgId)
    await reviewSymbols(() => true)
  }
  const onNews = (subject: string): void => {
    const [kind, id = ''] = subject.split(':', 2)
    const review =
      kind === 'org'
        ? reviewPlan(id)
        : kind === 'key'
          ? reviewSymbols(({ keyId }) => keyId === id)
          : subject === '*'
            ? reviewAll()
            : undefined
    review?.catch(warn)
  }
  const warn = (error: unknown): void =>
    deps.log.warn('Open streams could not be reviewed', { error: String(error) })

  return {
    take: use.take,
    open: (connection, opening) => {
      const client = createStreamClient(tools, connection, opening)
      clients.add(client)
      return {
        onText: client.onText,
        onPong: client.onPong,
        onClose: () => {
          clients.delete(client)
          client.onClose()
        },
      }
    },
    start: async () => {
      const stopEvents = events.listen((event) => {
        for (const client of clients) client.offer(event)
      })
      const loop = await events.start()
      const unsubscribe = deps.news.subscribe(onNews)
      const counting = use.start((orgId) => void reviewPlan(orgId).catch(warn))
      const timer = setInterval(() => {
        const nowMs = deps.clock.monotonic()
        for (const client of clients) client.look(nowMs)
      }, stream.lookEveryMs)
      const beat = setInterval(() => {
        if ([...clients].some(({ isFull }) => isFull())) tellHeartbeat().catch(() => undefined)
      }, stream.heartbeatMs)
      return {
        stop: async () => {
          clearInterval(timer)
          clearInterval(beat)
          unsubscribe()
          stopEvents()
          await Promise.all([loop.stop(), counting.stop()])
        },
      }
    },
  }

  async function tellHeartbeat(): Promise<void> {
    const staleSymbols = await lookUps.listStaleSymbols()
    const toText = (symbols: readonly string[]): Buffer =>
      Buffer.from(
        JSON.stringify({
          type: 'heartbeat',
          seq: events.lastSeq(),
          server_ms: deps.clock.now(),
          stale_symbols: symbols,
        }),
      )
    const ofAll = toText(staleSymbols)
    for (const client of clients)
      client.beat((allowed) =>
        allowed === null ? ofAll : toText(staleSymbols.filter((symbol) => allowed.has(symbol))),
      )
  }
}
