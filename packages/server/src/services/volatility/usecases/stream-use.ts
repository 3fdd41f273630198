import { randomUUID } from 'node:crypto'
import { asWriter, recordTelemetry, within } from '@gatehouse/kernel/db'
import { toErrorFields } from '@gatehouse/kernel/log'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import { startLoop } from '../../../service/start-loop.ts'
import { volatilityPolicy } from '../policy.ts'
import {
  countHeldBefore,
  countHeldElsewhere,
  deleteHeld,
  deleteLapsed,
  lockStreamUse,
  renewHeld,
  setHeld,
} from '../store/stream-use-store.ts'

/** A place among an organisation's streams. */
export type Seat = { readonly release: () => void }

type Taken =
  | { readonly isTaken: true; readonly seat: Seat }
  /** The number of open streams on all nodes. */
  | { readonly isTaken: false; readonly open: number }

/** Counts the open streams of each organisation, on all nodes together. */
export type StreamUse = {
  readonly take: (orgId: string, connectionsMax: number) => Promise<Taken>
  /** How many of this node's streams of an organisation fit into the limit, besides those of other nodes. */
  readonly countFitting: (orgId: string, connectionsMax: number) => Promise<number>
  /**
   * Calls back with an organisation whose streams were not counted for a while, so that others may have taken their
   * places.
   */
  readonly start: (onLapse: (orgId: string) => void) => { readonly stop: () => Promise<void> }
}

type Asking = {
  readonly connectionsMax: number
  readonly resolve: (taken: Taken) => void
  readonly reject: (error: unknown) => void
}
type Org = { open: number; asking: Asking[]; isDirty: boolean; running: Promise<void> | undefined }

const { useHeldMs, renewUseEveryMs } = volatilityPolicy.stream

/**
 * Counts in the database, in one transaction per organisation at a time: concurrent requests are admitted together as
 * far as there is room. A node's entries are leases, which it renews while it lives.
 */
export function createStreamUse(deps: Pick<ServiceDeps, 'db' | 'log'>): StreamUse {
  const node = randomUUID()
  const orgs = new Map<string, Org>()

  const find = (orgId: string): Org => {
    const found = orgs.get(orgId) ?? { open: 0, asking: [], isDirty: false, running: undefined }
    orgs.set(orgId, found)
    return found
  }

  /** False if it could not be written; the caller is told, and the next renewal retries. */
  const settle = async (orgId: string, org: Org): Promise<boolean> => {
    const asking = org.asking.splice(0)
    org.isDirty = false
    let admitted = 0
    try {
      const outcomes = await recordTelemetry(deps, toSystem(orgId), async (tx) => {
        await lockStreamUse(tx)
        const elsewhere = await countHeldElsewhere(tx, node)
        const judged = asking.map(({ connectionsMax }) => {
          const open = elsewhere + org.open
          if (open >= connectionsMax) return { isTaken: false, open } as const
          org.open += 1
          admitted += 1
          return { isTaken: true, seat: toSeat(orgId, org) } as const
        })
        await setHeld(tx, { node, open: org.open, heldMs: useHeldMs })
        return judged
      })
      for (const [index, outcome] of outcomes.entries()) asking[index]?.resolve(outcome)
      return true
    } catch (error) {
      org.open -= admitted
      org.isDirty = true
      for (const { reject } of asking) reject(error)
      if (asking.length === 0) deps.log.warn('Open streams could not be counted', toErrorFields(error))
      return false
    }
  }

  const run = (orgId: string): Promise<void> => {
    const org = find(orgId)
    org.running ??= (async () => {
      let isWritten = true
      do isWritten = await settle(orgId, org)
      while (org.asking.length > 0 || (isWritten && org.isDirty))
      org.running = undefined
      if (org.open === 0 && !org.isDirty) orgs.delete(orgId)
    })()
    return org.running
  }

  const toSeat = (orgId: string, org: Org): Seat => {
    let isReleased = false
    return {
      release: () => {
        if (isReleased) return
        isReleased = true
        org.open -= 1
        org.isDirty = true
        void run(orgId)
      },
    }
  }

  const renew = async (onLapse: (orgId: string) => void): Promise<void> => {
    const counted = new Set(
      await asWriter(deps, async (tx) => {
        const renewed = await renewHeld(tx, node, useHeldMs)
        await deleteLapsed(tx)
        return renewed
      }),
    )
    for (const [orgId, org] of orgs) {
      const isLapsed = org.open > 0 && !counted.has(orgId)
      if (!isLapsed && !org.isDirty) continue
      await run(orgId)
      if (isLapsed) onLapse(orgId)
    }
  }

  return {
    take: (orgId, connectionsMax) =>
      new Promise((resolve, reject) => {
        find(orgId).asking.push({ connectionsMax, resolve, reject })
        void run(orgId)
      }),
    countFitting: async (orgId, connectionsMax) => {
      const before = await within(deps, toSystem(orgId), (tx) => countHeldBefore(tx, node))
      return Math.max(0, connectionsMax - before)
    },
    start: (onLapse) => {
      const loop = startLoop('volatility stream use', renewUseEveryMs, deps.log, () => renew(onLapse))
      return {
        stop: async () => {
          await loop.stop()
          for (const { running } of orgs.values()) await running
          await asWriter(deps, (tx) => deleteHeld(tx, node)).catch((error: unknown) =>
            deps.log.warn('Open streams could not be counted off', toErrorFields(error)),
          )
        },
      }
    },
  }
}

function toSystem(orgId: string): SystemPrincipal {
  return { kind: 'system', orgId, because: 'open streams' }
}
