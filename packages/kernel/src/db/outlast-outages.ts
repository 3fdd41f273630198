import { setTimeout as wait } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { isOutage } from './is-outage.ts'

export type LastingPool = {
  readonly pool: Pool
  /**
   * From now on, whoever asks for a connection while the database is away waits forever, so that a shutdown need not
   * wait for the database. Resolves once somebody has asked.
   */
  readonly abandon: () => Promise<void>
}

const pauseMinMs = 50
const pauseMaxMs = 2_000
/** `serialization_failure`: of the codes after which graphile-worker retries, the one with the shortest pauses. */
const triedAgain = '40001'

/**
 * Adapts a pool to graphile-worker 0.17, which records how a job ended without handling failures: it retries after a
 * few codes only, and any other error, such as a refused connection, is an unhandled rejection that ends the process.
 * With this pool, connecting waits until the database is back, and a statement that an outage ended fails with a code
 * after which it is retried. A statement outside a transaction may be executed twice.
 */
export function outlastOutages(pool: Pool): LastingPool {
  const stopping = new AbortController()
  const lost = Promise.withResolvers<void>()

  const connect = async (): Promise<PoolClient> => {
    for (let pauseMs = pauseMinMs; ; pauseMs = Math.min(2 * pauseMs, pauseMaxMs)) {
      try {
        return withTriedAgain(await pool.connect())
      } catch (error) {
        if (!isOutage(error)) throw error
        if (stopping.signal.aborted) {
          lost.resolve()
          // The result of the job is never recorded, so its lease expires.
          return new Promise(() => undefined)
        }
        await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }
  return {
    pool: replaceMember(pool, 'connect', (callback?: Parameters<Pool['connect']>[0]) =>
      // The form with a callback asks for the connection that listens, whose errors graphile-worker handles.
      callback === undefined ? connect() : pool.connect(giveBackOnce(callback)),
    ),
    abandon: () => {
      stopping.abort()
      return lost.promise
    },
  }
}

/**
 * A runner that stops while its connection fails releases the connection twice, and the pool would throw the second
 * time, in a place where nobody catches it.
 */
function giveBackOnce(callback: Parameters<Pool['connect']>[0]): Parameters<Pool['connect']>[0] {
  return (error, client, giveBack) => {
    if (client === undefined) return callback(error, client, giveBack)
    let isGivenBack = false
    callback(error, client, (reason) => {
      if (isGivenBack) return
      isGivenBack = true
      giveBack(reason)
    })
  }
}

function withTriedAgain(client: PoolClient): PoolClient {
  // Safe: of the forms of `query`, graphile-worker uses the one that returns a promise.
  const query = client.query.bind(client) as (...args: readonly unknown[]) => Promise<unknown>
  return replaceMember(client, 'query', async (...args: readonly unknown[]) => {
    try {
      return await query(...args)
    } catch (error) {
      if (!isOutage(error)) throw error
      throw Object.assign(new Error('The database went away', { cause: error }), { code: triedAgain })
    }
  })
}

/** A proxy of an object with one member replaced; its methods still act on the object itself. */
function replaceMember<T extends object>(target: T, name: string, member: unknown): T {
  return new Proxy(target, {
    get: (object, key) => {
      if (key === name) return member
      const value: unknown = Reflect.get(object, key, object)
      // Safe: the bound function is as unknown as the function itself.
      return typeof value === 'function' ? (value.bind(object) as unknown) : value
    },
  })
}
