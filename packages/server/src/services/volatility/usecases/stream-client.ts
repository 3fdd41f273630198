import { type SocketConnection, socketCloses } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import { toErrorFields } from '@gatehouse/kernel/log'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { type ClientMessage, fullProtocol, streamEvents, type SubscribeMessage } from '../contract/stream.ts'
import { servedMethods } from '../domain/contest.ts'
import { createRecentTimes } from '../domain/recent-times.ts'
import { regimesByCode } from '../domain/regime-code.ts'
import { countPairs, hears, type StreamFilter } from '../domain/stream-filter.ts'
import { timeframes } from '../domain/timeframe.ts'
import { createUnsent } from '../domain/unsent.ts'
import { volatilityPolicy } from '../policy.ts'
import type { StreamEvent } from './follow-events.ts'
import { parseStreamMessage } from './parse-stream-message.ts'
import type { NamedPlan } from './read-plan.ts'
import type { Opening, StreamClient, StreamTools } from './stream-tools.ts'

type Subscription = {
  readonly filter: StreamFilter
  /** Every matching event after this number was sent, or will be. */
  readonly coversAfter: number
  /** Live events up to this number are skipped: the client has them, or they are replayed. */
  readonly liveAfter: number
}

const { stream } = volatilityPolicy

/** Serves one open stream. */
export function createStreamClient(
  tools: StreamTools,
  connection: SocketConnection,
  opening: Opening,
): StreamClient {
  const { clock, events } = tools
  const openedMs = clock.monotonic()
  const connectionId = `con_${newId(clock.now())}`
  const unsent = createUnsent()
  const mayTalk = createRecentTimes(stream.messagesMax, stream.messagesWindowMs)
  const mayErr = createRecentTimes(stream.badMessagesMax - 1, stream.badMessagesWindowMs)
  const subscriptions = new Map<string, Subscription>()
  let isFull = connection.protocol === fullProtocol
  let isOver = false
  let pingedMs = openedMs
  let pongedMs = openedMs
  let allowed: ReadonlySet<string> | null = null
  let plan: NamedPlan | undefined
  let leave: (() => void) | undefined
  /** Live events wait here during a replay, so that they are sent after it. */
  let held: StreamEvent[] | undefined
  let talk: Promise<void> = Promise.resolve()

  const close = (code: number, reason: string): void => {
    if (isOver) return
    isOver = true
    connection.close(code, reason)
  }
  const send = (text: string | Buffer): void => {
    if (isOver) return
    connection.send(text)
    const unsentBytes = connection.unsentBytes()
    unsent.note(connection.sentBytes(), unsentBytes, clock.monotonic())
    if (unsentBytes > stream.unsentBytesMax) close(socketCloses.tooSlow, 'too slow')
  }
  const say = (message: object): void => send(JSON.stringify(message))
  const fail = (code: string, message: string, id?: string): void => {
    say({ type: 'error', code, message, id: id ?? null })
    if (!mayErr(clock.monotonic())) close(socketCloses.badMessages, 'too many bad messages')
  }

  const isHeard = (event: StreamEvent): boolean => {
    const { principal } = client
    if (principal === undefined) return false
    const reader = { orgId: principal.orgId, allowed }
    for (const { filter, liveAfter } of subscriptions.values())
      if (event.seq > liveAfter && hears(filter, reader, event)) return true
    return false
  }

  const welcome = (): void => {
    const { principal } = client
    if (principal === undefined || plan === undefined) return
    const { connectionsMax, pairsMax } = plan.limits
    say({
      type: 'welcome',
      connection_id: connectionId,
      org: principal.orgId,
      plan: plan.name,
      limits: {
        connections: connectionsMax,
        pairs: pairsMax,
        subscriptions: stream.subscriptionsMax,
        messages_per_10_s: stream.messagesMax,
      },
      seq: events.lastSeq(),
      server_ms: clock.now(),
    })
  }

  const settle = async (principal: KeyPrincipal): Promise<void> => {
    plan = await tools.planOf(principal)
    allowed = await tools.allowedOf(principal)
    const taken = await tools.take(principal.orgId, plan.limits.connectionsMax)
    if (!taken.isTaken)
      return close(
        socketCloses.tooMany,
        `the plan ${plan.name} allows ${plan.limits.connectionsMax} connections`,
      )
    leave = tools.sit(client, principal, taken.seat)
    // The client may have left meanwhile.
    if (isOver) leave()
  }

  const authenticate = async (key: string): Promise<void> => {
    if (client.principal !== undefined) return fail('already_authenticated', 'This connection is proven')
    const proof = await connection.prove(key)
    if (!proof.accepted) {
      isOver = true
      return
    }
    client.principal = proof.principal
    await settle(proof.principal)
    welcome()
  }

  const subscribe = async (asked: SubscribeMessage): Promise<void> => {
    const { principal } = client
    if (principal === undefined || plan === undefined) return
    const { id } = asked
    if (subscriptions.has(id)) return fail('duplicate_id', `There is a subscription ${id}`, id)
    if (subscriptions.size >= stream.subscriptionsMax)
      return fail(
        'too_many_subscriptions',
        `At most ${stream.subscriptionsMax} subscriptions on one connection`,
        id,
      )
    const known = await tools.listSymbols()
    const isAll = asked.symbols.includes('*')
    for (const symbol of isAll ? [] : asked.symbols) {
      if (allowed !== null && !allowed.has(symbol))
        return fail('symbol_not_allowed', `symbols: this key may not see ${symbol}`, id)
      if (!known.includes(symbol)) return fail('symbol_not_found', `symbols: there is no ${symbol}`, id)
    }
    const name = asked.preset ?? volatilityPolicy.defaultPreset
    const preset = await tools.findPreset(principal, name)
    if (preset === undefined) return fail('preset_not_found', `preset: there is no ${name}`, id)
    const filter: StreamFilter = {
      types: new Set(asked.events ?? ['regime.transition']),
      symbols: isAll ? null : new Set(asked.symbols),
      timeframes: new Set(asked.timeframes ?? [volatilityPolicy.defaultTimeframe]),
      toRegimes: new Set(asked.to_regimes ?? regimesByCode),
      preset: name,
      method: asked.method ?? preset.method,
    }
    const pairs = countPairs([...[...subscriptions.values()].map((one) => one.filter), filter], known)
    const { pairsMax } = plan.limits
    if (pairs > pairsMax)
      return fail(
        'plan_limit_reached',
        `The plan ${plan.name} allows ${pairsMax} pairs of symbol and timeframe; these are ${pairs}`,
        id,
      )
    await begin(principal, asked, filter, pairs)
  }

  /** From its start, every event reaches the subscription either by replay or live, never both. */
  const begin = async (
    principal: KeyPrincipal,
    { id, since_seq: sinceSeq, snapshot }: SubscribeMessage,
    filter: StreamFilter,
    pairs: number,
  ): Promise<void> => {
    const toSeq = events.lastSeq()
    held = []
    subscriptions.set(id, {
      filter,
      coversAfter: sinceSeq ?? toSeq,
      liveAfter: Math.max(sinceSeq ?? toSeq, toSeq),
    })
    let isWhole = false
    try {
      const span = sinceSeq === undefined ? undefined : await events.span(sinceSeq)
      const isAhead = span !== undefined && sinceSeq !== undefined && sinceSeq > span.newestSeq
      const keptAfter = Math.max(sinceSeq ?? toSeq, span?.isCut === true ? span.oldestSeq - 1 : 0)
      const reader = { orgId: principal.orgId, allowed }
      // The replay limit counts matching events; if the span has fewer numbers than the limit, counting is not needed.
      const beyond =
        toSeq - keptAfter > stream.replayedMax
          ? await events.beyond({ afterSeq: keptAfter, toSeq, filter, reader })
          : undefined
      const isGone = span?.isCut === true || beyond !== undefined
      const oldestSeq = Math.max(keptAfter, beyond ?? 0) + 1
      const afterSeq = sinceSeq === undefined ? toSeq : Math.max(sinceSeq, isGone ? oldestSeq - 1 : 0)
      say({ type: 'subscribed', id, pairs, replaying_from: afterSeq < toSeq ? afterSeq + 1 : null })
      if (isAhead) {
        // The number is of another deployment, or of one restored from a backup: its events are unknown here.
        subscriptions.set(id, { filter, coversAfter: toSeq, liveAfter: toSeq })
        say({ type: 'gap', id, oldest_seq: span.newestSeq + 1 })
      } else if (isGone) {
        // Another subscription with a narrower filter may still get events that exceeded this one's limit.
        subscriptions.set(id, { filter, coversAfter: afterSeq, liveAfter: Math.max(afterSeq, toSeq) })
        say({ type: 'gap', id, oldest_seq: oldestSeq })
      }
      if (snapshot === true) await tellSnapshots(principal, filter)
      if (afterSeq < toSeq) await replay(principal, id, filter, afterSeq, toSeq)
      isWhole = true
    } finally {
      // A client resumes after the last number that it received, so nothing may follow an interrupted replay.
      if (!isWhole) close(socketCloses.tryLater, 'try again later')
      await letGo()
    }
  }

  const tellSnapshots = async (
    principal: KeyPrincipal,
    { symbols, timeframes: wanted, preset, method }: StreamFilter,
  ): Promise<void> => {
    for (const symbol of symbols ?? (await tools.listSymbols())) {
      if (allowed !== null && !allowed.has(symbol)) continue
      for (const timeframe of timeframes.filter((one) => wanted.has(one))) {
        const known = await tools.snapshotOf({
          principal,
          symbol,
          timeframe,
          preset,
          method: servedMethods.find((one) => one === method) ?? 'published',
        })
        if (known !== undefined) send(`{"type":"snapshot","seq":${events.lastSeq()},${known.slice(1)}`)
        await whenTaken()
      }
    }
  }

  const replay = async (
    principal: KeyPrincipal,
    id: string,
    filter: StreamFilter,
    afterSeq: number,
    toSeq: number,
  ): Promise<void> => {
    let from = afterSeq
    while (from < toSeq && !isOver) {
      const page = await events.read(from, toSeq)
      for (const event of page) {
        if (hears(filter, { orgId: principal.orgId, allowed }, event) && !isCovered(id, principal, event))
          send(event.text)
        await whenTaken()
      }
      from = page.at(-1)?.seq ?? toSeq
    }
  }

  /** Sends the waiting events no faster than the client reads; new events wait as well. */
  const letGo = async (): Promise<void> => {
    const waiting = held ?? []
    for (let at = 0; at < waiting.length; at += 1) {
      const event = waiting[at]
      if (event !== undefined && isHeard(event)) send(event.text)
      await whenTaken()
    }
    held = undefined
  }

  /** Whether another subscription of this connection has delivered the event already. */
  const isCovered = (id: string, { orgId }: KeyPrincipal, event: StreamEvent): boolean =>
    [...subscriptions].some(
      ([other, { filter, coversAfter }]) =>
        other !== id && event.seq > coversAfter && hears(filter, { orgId, allowed }, event),
    )

  /** Waits until the client has read most of what was sent; a client that does not is disconnected meanwhile. */
  const whenTaken = async (): Promise<void> => {
    while (!isOver && connection.unsentBytes() > stream.replayBytesAhead)
      await new Promise((resolve) => void setTimeout(resolve, stream.replayPauseMs))
  }

  const handle = async (message: ClientMessage): Promise<void> => {
    if (isOver) return
    if (message.op === 'auth') return authenticate(message.key)
    if (client.principal === undefined) return fail('not_authenticated', 'The first message is auth')
    switch (message.op) {
      case 'subscribe':
        return subscribe(message)
      case 'unsubscribe':
        if (!subscriptions.delete(message.id))
          return fail('unknown_id', `There is no subscription ${message.id}`, message.id)
        return say({ type: 'unsubscribed', id: message.id })
      case 'ping':
        return say({ type: 'pong', nonce: message.nonce ?? null, server_ms: clock.now() })
      case 'list':
        return say({ type: 'subscriptions', subscriptions: [...subscriptions].map(toListed) })
    }
  }

  const client: StreamClient & { principal: KeyPrincipal | undefined } = {
    principal: opening.principal,
    isFull: () => isFull && client.principal !== undefined,
    close,
    onText: (text) => {
      if (isOver) return
      if (!mayTalk(clock.monotonic())) return close(socketCloses.tooMany, 'too many messages')
      if (!isFull) {
        isFull = true
        welcome()
      }
      const parsed = parseStreamMessage(text)
      if (!parsed.accepted) return fail('bad_message', parsed.sentence, parsed.id)
      talk = talk
        .then(() => handle(parsed.message))
        .catch((error: unknown) => {
          tools.log.warn('A message of a stream could not be answered', {
            ...toErrorFields(error),
          })
          close(socketCloses.tryLater, 'try again later')
        })
    },
    onPong: () => {
      pongedMs = clock.monotonic()
    },
    onClose: () => {
      isOver = true
      leave?.()
    },
    offer: (event) => {
      if (isOver) return
      if (held === undefined) {
        if (isHeard(event)) send(event.text)
      } else if (held.push(event) > stream.replayedMax) close(socketCloses.tooSlow, 'too slow')
    },
    beat: (toText) => {
      if (client.isFull() && held === undefined) send(toText(allowed))
    },
    look: (nowMs) => {
      if (isOver) return
      if (client.principal === undefined && nowMs - openedMs > stream.authWithinMs)
        return close(socketCloses.notAuthenticated, 'not authenticated')
      const oldestMs = unsent.oldestMs(connection.sentBytes(), connection.unsentBytes())
      if (oldestMs !== undefined && nowMs - oldestMs > stream.unsentMsMax)
        return close(socketCloses.tooSlow, 'too slow')
      if (nowMs - pongedMs > stream.pongWithinMs) return close(socketCloses.noPong, 'no pong')
      if (nowMs - pingedMs < stream.pingEveryMs) return
      pingedMs = nowMs
      connection.ping()
    },
    reviewSymbols: async () => {
      if (client.principal !== undefined) allowed = await tools.allowedOf(client.principal)
    },
  }

  if (opening.principal !== undefined) {
    const { principal, narrowed, seat } = opening
    plan = opening.plan
    allowed = opening.allowed
    leave = tools.sit(client, principal, seat)
    if (narrowed === undefined) welcome()
    else {
      const lastSeq = events.lastSeq()
      subscriptions.set('default', { filter: narrowed, coversAfter: lastSeq, liveAfter: lastSeq })
    }
  }
  return client
}

function toListed([id, { filter }]: readonly [string, Subscription]): object {
  const { types, symbols, toRegimes, preset, method } = filter
  return {
    id,
    events: streamEvents.filter((type) => types.has(type)),
    symbols: symbols === null ? ['*'] : [...symbols],
    timeframes: [...filter.timeframes],
    to_regimes: [...toRegimes],
    preset,
    method,
  }
}
