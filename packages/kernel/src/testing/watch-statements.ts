import type { Database } from '../db/index.ts'

/** The same database, calling `before` ahead of each statement of a transaction; if it throws, the statement fails. */
export function watchStatements(db: Database, before: () => void): Database {
  const connect = async (): Promise<unknown> => {
    const client = await db.pool.connect()
    return new Proxy(client, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        // Safe: it was a function just now.
        const call = member.bind(target) as (...values: unknown[]) => unknown
        if (name !== 'query') return call
        return async (...values: unknown[]) => {
          before()
          return call(...values)
        }
      },
    })
  }
  const pool = new Proxy(db.pool, {
    get: (target, name) => {
      if (name === 'connect') return connect
      const member: unknown = Reflect.get(target, name, target)
      return member
    },
  })
  return { ...db, pool }
}
