import { AsyncLocalStorage } from 'node:async_hooks'
import type { PoolClient } from 'pg'
import { type Database, type DatabaseRole, beginTransaction, endTransaction } from './database.ts'

/** A transaction whose work is done, kept open until the writes that depend on it are made in it too. */
type OpenCommit = { readonly client: PoolClient; readonly orgId: string }

/** What work that joins an open transaction may do in it. */
type Mode = 'decision' | 'telemetry' | 'read'

type Hold = {
  open: OpenCommit | undefined
  /** Works that joined the open transaction and have not ended. */
  readonly joined: Set<Promise<unknown>>
  /** True for a rehearsal: the transaction will be rolled back, so nothing in it may commit. */
  readonly isRehearsal: boolean
  readonly turns: Turns
  isOver: boolean
}

/**
 * Works that join run one after another, because releasing a savepoint also ends all that were made after it. What a
 * work starts queues inside that work.
 */
type Turns = { readonly mode: Mode; last: Promise<unknown> }

const holds = new AsyncLocalStorage<Hold>()
const turnsWithin = new AsyncLocalStorage<{ readonly hold: Hold; readonly turns: Turns }>()

const beginOf: Readonly<Record<Mode, string>> = {
  decision: `SAVEPOINT joined; SELECT set_config('role', 'gatehouse_app', true)`,
  telemetry: `SAVEPOINT joined; SELECT set_config('role', 'gatehouse_telemetry', true)`,
  read: `SAVEPOINT joined; SET LOCAL transaction_read_only = on; SELECT set_config('role', 'gatehouse_app', true)`,
}

export type HeldWork<T> = {
  /** The first decision made in here is committed only after this promise has settled. */
  readonly work: () => Promise<T>
  /** Writes the result of the work: in the transaction that the work left open, or in one of its own. */
  readonly settle: (client: PoolClient | undefined, result: T) => Promise<void>
  /** Whether a decision is kept although the work failed with this error afterwards. */
  readonly standsDespite: (error: unknown) => boolean
}

/**
 * Lets a decision and the writes that depend on it commit together or not at all. Transactions of the same org join the
 * open one and see its writes. Any other transaction commits it first, since otherwise it would not see those writes,
 * or would wait for them forever; `settle` then writes in a transaction of its own.
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
 * Runs work in one transaction of an org and rolls it back: the result is known, and nothing is stored. Work that opens
 * another transaction fails, since that one could not be rolled back with it.
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

/**
 * Whether a decision made here would be committed together with something else. Writes that belong to neither must not
 * be added to it.
 */
export function isCommitHeld(): boolean {
  const hold = holds.getStore()
  return hold !== undefined && !hold.isOver
}

/**
 * Commits the open transaction before work that cannot join it. From within work that has joined, it stays open, since
 * that work has not ended. Throws in a rehearsal.
 */
export async function commitHeld(): Promise<void> {
  const hold = holds.getStore()
  if (hold === undefined || hold.isOver) return
  if (hold.isRehearsal) throw new Error('Work with a transaction of its own cannot be rehearsed')
  if (hold.joined.size === 0) await end(hold, 'COMMIT')
}

/**
 * Runs work in the open transaction of its org, under a savepoint of its own, so that it can fail alone. An open
 * transaction of another org is committed first, and the work has not run then.
 */
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

/** Runs a decision. Inside a hold its transaction stays open; otherwise it is committed when the work ends. */
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
  // A commit that fails has already released the connection.
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
    // Releasing a savepoint keeps the role that was set inside it, so the earlier role is restored here; it also lifts
    // the read-only mode that was set inside.
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
