import { setTimeout as wait } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { isOutage } from './is-outage.ts'

export type LastingPool = {
  readonly pool: Pool
  /**
   * From now on who asks while the database is away waits for ever, so that what stops need not wait for its return.
   * Resolves once somebody does.
   */
  readonly abandon: () => Promise<void>
}

const pauseMinMs = 50
const pauseMaxMs = 2_000
/** `serialization_failure`: of the codes that graphile-worker tries again after, the one with the shortest pauses. */
const triedAgain = '40001'

/**
 * The pool as graphile-worker 0.17 needs it. How a job ended it tells the database without looking at the outcome: it
 * tries again after a few codes alone, and whatever else comes, such as a refused connection, is a rejection that nobody
 * handles, which ends the process. Here connections wait until the database is back, and a statement that an outage
 * ended bears a code after which it is sent again. What graphile-worker sends outside of a transaction may be sent twice.
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
          // A job whose outcome is not told keeps its lease, which runs out.
          return new Promise(() => undefined)
        }
        await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }
  return {
    pool: replaceMember(pool, 'connect', (callback?: Parameters<Pool['connect']>[0]) =>
      // With a callback it asks for the connection that listens, whose errors it handles.
      callback === undefined ? connect() : pool.connect(giveBackOnce(callback)),
    ),
    abandon: () => {
      stopping.abort()
      return lost.promise
    },
  }
}

/**
 * A runner that stops while its connection fails gives it back twice, and the pool throws at the second time where nobody
 * handles it.
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

/** The same object with one member of its own; its methods still act on the object itself. */
function replaceMember<T extends object>(target: T, name: string, member: unknown): T {
  return new Proxy(target, {
    get: (object, key) => {
      if (key === name) return member
      const value: unknown = Reflect.get(object, key, object)
      // Safe: what comes of binding a function of unknown shape is as unknown as the function.
      return typeof value === 'function' ? (value.bind(object) as unknown) : value
    },
  })
}
