import { asGate, asWriter, type Database } from '@gatehouse/kernel/db'
import type { Timeline } from '@gatehouse/kernel/clock'
import type { Egress } from '@gatehouse/kernel/egress'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { insertReadings, listReadings, type StoredReading } from '../store/reading-store.ts'
import { runDerivativeFeed } from '../venues/derivatives/derivative-feed.ts'
import { derivativeKinds } from '../venues/derivatives/derivative-kinds.ts'
import type { Reading } from '../venues/derivatives/reading.ts'
import type { FeedStatus } from '../venues/market-feed.ts'

export type DerivativeName = keyof typeof derivativeKinds

export type FeedDerivativeDeps = {
  readonly db: Database
  readonly log: Logger
  readonly egress: Egress
  readonly timeline: Timeline
  readonly random: () => number
  readonly products: readonly string[]
  /** Origin of a simulator that replaces the venue. */
  readonly origin?: string
  readonly status: (status: FeedStatus) => void
}

/** Readings buffered while the database is unavailable: a few days of all of them. */
const heldMax = 200_000

/** Feeds derivatives readings under one epoch, until aborted or another node owns the feed. */
export async function feedDerivative(
  { db, log, egress, timeline, random, products, origin, status }: FeedDerivativeDeps,
  name: DerivativeName,
  epoch: number,
  stop: AbortSignal,
): Promise<void> {
  const over = new AbortController()
  const signal = AbortSignal.any([stop, over.signal])
  let held: StoredReading[] = []
  let writing: Promise<void> | undefined
  const write = async (): Promise<void> => {
    while (held.length > 0) {
      const batch = held
      held = []
      try {
        if (!(await asWriter({ db }, (tx) => insertReadings(tx, name, epoch, batch)))) over.abort()
      } catch (error) {
        // They are retried with the next reading, within a minute.
        held = [...batch, ...held].slice(-heldMax)
        log.warn(`Readings of ${name} wait for the database`, toErrorFields(error))
        return
      }
    }
  }
  const keep = (reading: Reading): void => {
    held.push(toStored(reading))
    writing ??= Promise.resolve()
      .then(write)
      .finally(() => {
        writing = undefined
      })
  }
  await runDerivativeFeed(
    derivativeKinds[name],
    {
      egress,
      timeline,
      random,
      lastKeptMs: async (kind, product) => {
        const [newest] = await asGate({ db }, (tx) => listReadings(tx, kind, product, 1))
        return newest?.tsMs
      },
      ...(origin === undefined ? {} : { origin }),
    },
    products,
    {
      reading: keep,
      status,
      refused: ({ kind, product }, fault) => log.warn(`A reading was refused: ${kind} ${product}: ${fault}`),
    },
    signal,
  )
  await writing
}

function toStored({ kind, product, tsMs, ...figures }: Reading): StoredReading {
  return { kind, product, tsMs, figures }
}
