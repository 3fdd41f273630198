import { setTimeout as pause } from 'node:timers/promises'
import type { Secret } from '../secrets/index.ts'

export type ValkeyConnection = {
  /**
   * Sends one command in one round trip. Rejects immediately while there is no connection; commands are never queued.
   */
  readonly send: (command: readonly string[]) => Promise<unknown>
  /** Resolves once there is a connection; never after `close`. */
  readonly connected: () => Promise<void>
  readonly close: () => Promise<void>
}

const connectWithinMs = 2_000
/** A server that does not answer for this long counts as gone: TCP alone would wait for a quarter of an hour. */
const silenceMsMax = 1_000
const backOffMs = { min: 50, max: 2_000 }

/**
 * Keeps one connection to a Valkey or Redis, and reconnects with an increasing delay whenever it is lost. `onError` is
 * called with each loss and each failed attempt.
 */
export function openValkeyConnection(url: Secret, onError: (cause: unknown) => void): ValkeyConnection {
  const closing = new AbortController()
  let current: Link | undefined
  let arrival = Promise.withResolvers<void>()

  const keepConnected = async (): Promise<void> => {
    let failures = 0
    while (!closing.signal.aborted) {
      try {
        const link = await openLink(url, closing.signal)
        failures = 0
        current = link
        arrival.resolve()
        const cause = await link.lost
        current = undefined
        arrival = Promise.withResolvers()
        throw cause
      } catch (error) {
        if (closing.signal.aborted) return
        onError(error)
        await pause(toDelayMs(failures++), undefined, { signal: closing.signal }).catch(() => undefined)
      }
    }
  }

  const keeping = keepConnected()
  return {
    send: async (command) => {
      if (current === undefined) throw new Error('There is no connection to Valkey')
      return current.send(command)
    },
    connected: () => arrival.promise,
    close: async () => {
      closing.abort(new Error('The connection to Valkey was closed'))
      await keeping
    },
  }
}

/**
 * The delay before the next attempt: it doubles with each failure, and half of it is random, so that many nodes do not
 * reconnect at the same moment.
 */
function toDelayMs(failures: number): number {
  const delayMs = Math.min(backOffMs.max, backOffMs.min * 2 ** failures)
  return (delayMs / 2) * (1 + Math.random())
}

type Link = {
  readonly send: ValkeyConnection['send']
  /** Resolves with the cause once the connection is unusable. */
  readonly lost: Promise<Error>
}

/** Opens one connection, without reconnecting. */
async function openLink(url: Secret, closing: AbortSignal): Promise<Link> {
  // Imported here, so that a server without Valkey does not load the client.
  const { createClient } = await import('@redis/client')
  const client = createClient({
    url: url.reveal(),
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    socket: { reconnectStrategy: false, connectTimeout: connectWithinMs },
  })
  const loss = Promise.withResolvers<Error>()
  const lose = (cause: Error): void => {
    client.destroy()
    loss.resolve(cause)
  }
  client.on('error', lose)
  // Safe: the signal is aborted here alone, with an Error.
  const onClose = (): void => lose(closing.reason as Error)
  closing.addEventListener('abort', onClose)
  const { promise: lost } = loss
  void lost.then(() => closing.removeEventListener('abort', onClose))
  const handshake = setTimeout(lose, connectWithinMs, new Error('Valkey took too long to welcome us'))
  try {
    await Promise.race([client.connect(), lost.then(fail)])
  } finally {
    clearTimeout(handshake)
  }
  return { send: withSilenceNoticed((command) => client.sendCommand([...command]), lose), lost }
}

function fail(cause: Error): never {
  throw cause
}

/** Calls `onSilence` when commands wait and none is answered for too long. */
function withSilenceNoticed(
  send: ValkeyConnection['send'],
  onSilence: (cause: Error) => void,
): ValkeyConnection['send'] {
  let waiting = 0
  let timer: NodeJS.Timeout | undefined
  return async (command) => {
    if (++waiting === 1) timer = setTimeout(onSilence, silenceMsMax, new Error('Valkey stopped answering'))
    try {
      return await send(command)
    } finally {
      if (--waiting === 0) clearTimeout(timer)
      else timer?.refresh()
    }
  }
}
