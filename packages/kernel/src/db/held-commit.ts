import { AsyncLocalStorage } from 'node:async_hooks'
import type { PoolClient } from 'pg'
import { type Database, type DatabaseRole, beginTransaction, endTransaction } from './database.ts'

/** A transaction that is open although its work is done, until what depends on it is written too. */
type OpenCommit = { readonly client: PoolClient; readonly orgId: string }

/** What a work may do in a transaction that it joins. */
type Mode = 'decision' | 'telemetry' | 'read'

type Hold = {
  open: OpenCommit | undefined
  /** Works that joined the open transaction and have not ended. */
  readonly joined: Set<Promise<unknown>>
  /** It will be undone, so nothing in it may commit. */
  readonly isRehearsal: boolean
  readonly turns: Turns
  isOver: boolean
}

/** Works that join take turns, as the savepoint of one ends with whatever began after it; what a work starts queues inside it. */
type Turns = { readonly mode: Mode; last: Promise<unknown> }

const holds = new AsyncLocalStorage<Hold>()
const turnsWithin = new AsyncLocalStorage<{ readonly hold: Hold; readonly turns: Turns }>()

const beginOf: Readonly<Record<Mode, string>> = {
  decision: `SAVEPOINT joined; SELECT set_config('role', 'gatehouse_app', true)`,
  telemetry: `SAVEPOINT joined; SELECT set_config('role', 'gatehouse_telemetry', true)`,
  read: `SAVEPOINT joined; SET LOCAL transaction_read_only = on; SELECT set_config('role', 'gatehouse_app', true)`,
}

export type HeldWork<T> = {
  /** The first decision made in here is not committed before this has ended. */
  readonly work: () => Promise<T>
  /** Writes what the work came to: in its transaction when it left one open, else in one of its own. */
  readonly settle: (client: PoolClient | undefined, result: T) => Promise<void>
  /** Whether what was decided stands although the work failed in the end. */
  readonly standsDespite: (error: unknown) => boolean
}

/**
 * Lets a decision and what follows from it commit together, or not at all. Transactions of the same org join the one
 * that is open, and see what it wrote. Any other transaction commits it first, since it would not see that, or wait for
 * it for ever; then what follows is written afterwards.
 */
export function holdCommit<T>({ work, settle, standsDespite }: HeldWork<T>): Promise<T> {
  const hold = toHold(undefined, false)
  return holds.run(hold, async () => {
    try {
      const result = await work().catch(async (error: unknown) => {
        await Promise.allSettled(hold.joined)
        if (standsDespite(error)) await end(hold, 'COMMIT')
        throw error
      })
      await Promise.allSettled(hold.joined)
      await settle(hold.open?.client, result)
      await end(hold, 'COMMIT')
      return result
    } catch (error) {
      await Promise.allSettled(hold.joined)
      await end(hold, 'ROLLBACK')
      throw error
    } finally {
      hold.isOver = true
    }
  })
}

/**
 * Carries out work in one transaction of an org, and undoes all of it: what the work came to is known, and nothing of it
 * is there. Work that would open another transaction, which could not be undone with it, fails.
 */
export async function rehearseIn<T>(
  db: Database,
  begin: string,
  orgId: string,
  work: () => Promise<T>,
): Promise<T> {
  const client = await beginTransaction(db, begin, orgId)
  const hold = toHold({ client, orgId }, true)
  try {
    return await holds.run(hold, work)
  } finally {
    await Promise.allSettled(hold.joined)
    hold.isOver = true
    await end(hold, 'ROLLBACK')
  }
}

function toHold(open: OpenCommit | undefined, isRehearsal: boolean): Hold {
  const turns: Turns = { mode: 'decision', last: Promise.resolve() }
  return { open, joined: new Set(), turns, isRehearsal, isOver: false }
}

/** Whether what is decided here commits with something else: nothing of anybody else's may go along. */
export function isCommitHeld(): boolean {
  const hold = holds.getStore()
  return hold !== undefined && !hold.isOver
}

/** Before work that cannot join: from within work that has joined it cannot be committed, since that has not ended. */
export async function commitHeld(): Promise<void> {
  const hold = holds.getStore()
  if (hold === undefined || hold.isOver) return
  if (hold.isRehearsal) throw new Error('Work with a transaction of its own cannot be rehearsed')
  if (hold.joined.size === 0) await end(hold, 'COMMIT')
}

/** The open transaction that work of this org joins, to fail alone; that of another org is committed before. */
export async function joinOrCommit<T>(
  orgId: string,
  mode: Mode,
  join: (client: PoolClient) => Promise<T>,
): Promise<{ readonly joined: true; readonly result: T } | { readonly joined: false }> {
  const hold = holds.getStore()
  if (hold?.open === undefined || hold.isOver) return { joined: false }
  if (hold.open.orgId !== orgId) {
    await commitHeld()
    return { joined: false }
  }
  const joining = takeTurn(hold, mode, hold.open.client, join)
  hold.joined.add(joining)
  try {
    return { joined: true, result: await joining }
  } finally {
    hold.joined.delete(joining)
  }
}

/** Runs a decision; inside a hold its transaction stays open, else it commits at once. */
export async function runDecision<T>(
  db: Database,
  begin: string,
  orgId: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await beginTransaction(db, begin, orgId)
  let result: T
  try {
    result = await work(client)
  } catch (error) {
    await endTransaction(client, 'ROLLBACK')
    throw error
  }
  // A commit that fails has given the connection back already.
  const hold = holds.getStore()
  if (hold === undefined || hold.isOver || hold.open !== undefined) await endTransaction(client, 'COMMIT')
  else hold.open = { client, orgId }
  return result
}

function takeTurn<T>(
  hold: Hold,
  mode: Mode,
  client: PoolClient,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const here = turnsWithin.getStore()
  const above = here?.hold === hold ? here.turns : hold.turns
  const turns: Turns = { mode, last: Promise.resolve() }
  const turn = above.last.then(() =>
    joinAs(client, mode, above.mode, () => turnsWithin.run({ hold, turns }, () => work(client))),
  )
  above.last = turn.catch(() => undefined)
  return turn
}

async function joinAs<T>(client: PoolClient, mode: Mode, before: Mode, work: () => Promise<T>): Promise<T> {
  await client.query(beginOf[mode])
  try {
    const result = await work()
    // The end of a savepoint lets the role stand, and lifts what was read-only for its sake.
    await client.query(`RELEASE SAVEPOINT joined; SELECT set_config('role', '${roleOf(before)}', true)`)
    return result
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT joined; RELEASE SAVEPOINT joined')
    throw error
  }
}

function roleOf(mode: Mode): DatabaseRole {
  return mode === 'telemetry' ? 'gatehouse_telemetry' : 'gatehouse_app'
}

async function end(hold: Hold, how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
  const { open } = hold
  hold.open = undefined
  if (open !== undefined) await endTransaction(open.client, how)
}
