import { Client } from 'pg'
import type { Secret } from '../secrets/index.ts'
import { takeTurns } from './take-turns.ts'

/** The forms of a subject: `key:<id>`, `user:<id>`, `session:<id>`, `org:<id>`. */
export type InvalidationListener = (subject: string) => void

export type Invalidations = {
  /** False while the channel is down: code that caches must query the database instead. */
  readonly isConnected: () => boolean
  readonly subscribe: (listener: InvalidationListener) => () => void
  /** Calls the listeners of this node, ahead of the notification that follows through the database. */
  readonly tell: InvalidationListener
  readonly stop: () => Promise<void>
}

export type InvalidationChannel = Invalidations & {
  /**
   * Runs a statement on the connection that listens, whose session locks end with it. Returns no rows while it is down.
   */
  readonly ask: (
    statement: string,
    values?: readonly unknown[],
  ) => Promise<readonly Record<string, unknown>[]>
}

const reconnectDelayMs = 250
const connectMsMax = 2_000
/** A connection that hangs looks alive to TCP for minutes; together these two notice it within a second (K7). */
const beatEveryMs = 300
const beatMsMax = 400

/**
 * Listens for `gatehouse.invalidate(subject)`. After a lost connection listeners are called with `*`, since anything may
 * have been missed.
 */
export async function listenForInvalidations(url: Secret): Promise<InvalidationChannel> {
  const listeners = new Set<InvalidationListener>()
  let client: Client | undefined
  // One for all connections: what was asked of one that is lost fails, and then the next has its turn.
  const inTurn = takeTurns()
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  const tell = (subject: string): void => {
    for (const listener of listeners) listener(subject)
  }

  const connect = async (): Promise<void> => {
    const next = new Client({
      connectionString: url.reveal(),
      application_name: 'gatehouse-invalidations',
      keepAlive: true,
      connectionTimeoutMillis: connectMsMax,
    })
    next.on('error', () => undefined)
    next.on('end', () => {
      if (client === next) client = undefined
      tell('*')
      scheduleReconnect()
    })
    next.on('notification', ({ payload }) => {
      if (payload !== undefined) tell(payload)
    })
    await next.connect()
    await next.query('LISTEN gatehouse_invalidate')
    tell('*')
    client = next
    const beat = (): Promise<unknown> => inTurn(() => next.query('SELECT'))
    keepBeating(next, beat, () => {
      if (client === next) client = undefined
    })
  }

  const scheduleReconnect = (): void => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(() => void connect().catch(scheduleReconnect), reconnectDelayMs)
  }

  const stop = async (): Promise<void> => {
    stopped = true
    clearTimeout(timer)
    await client?.end()
  }

  try {
    await connect()
  } catch (error) {
    // A connection that was refused ends as well, and would be tried again for ever.
    await stop()
    throw error
  }
  return {
    isConnected: () => client !== undefined,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell,
    ask: async (statement, values = []) =>
      (await inTurn(async () => client?.query<Record<string, unknown>>(statement, [...values])))?.rows ?? [],
    stop,
  }
}

/** Queries the connection regularly; one that stays silent is closed, which also clears what was cached. */
function keepBeating(client: Client, beat: () => Promise<unknown>, giveUp: () => void): void {
  const drop = (): void => {
    giveUp()
    client.connection.stream.destroy()
  }
  const timer = setInterval(() => {
    const silence = setTimeout(drop, beatMsMax)
    const settle = (): void => clearTimeout(silence)
    beat().then(settle, settle)
  }, beatEveryMs)
  timer.unref()
  client.once('end', () => clearInterval(timer))
}
