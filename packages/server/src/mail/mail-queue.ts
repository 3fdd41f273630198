import { createHash } from 'node:crypto'
import { systemClock } from '@gatehouse/kernel/clock'
import type { WritingTx } from '@gatehouse/kernel/db'
import {
  type Attempt,
  type DeliveryQueue,
  insertDelivery,
  type QueueRules,
  toAttempt,
} from '@gatehouse/kernel/delivery'
import { newId } from '@gatehouse/kernel/ids'
import type { Job, JobContext } from '@gatehouse/kernel/jobs'
import type { z } from 'zod'

/** The queue of the kernel's delivery that holds mails. */
export const mailQueueName = 'mail'

/** How mails are sent. What they are written from is forgotten once they are done; the log keeps that they were. */
export const mailRules = {
  delaysSeconds: [0, 10, 60, 300, 1_800, 7_200, 21_600, 43_200],
  jitter: 0.2,
  retryAfterSecondsMax: 43_200,
  /** One mail; a delivery that writes to every owner takes one after the other, so its lease is longer. */
  timeoutMs: 30_000,
  leaseExtraMs: 270_000,
  /** What a mail server of one's own is sent at once. */
  places: { all: 8, perOrg: 4, perDestination: 4 },
  health: {},
  keepsBody: false,
} as const satisfies QueueRules

/** A mail server serves the whole instance, so that every organisation has one destination. */
const destinationId = 'mail'

/** A mail did not leave; thrown by whoever sends it. */
export class Unsent extends Error {
  override readonly name = 'Unsent'
  readonly attempt: Attempt

  constructor(attempt: Attempt) {
    super(`A mail did not leave: ${attempt.error}`)
    this.attempt = attempt
  }
}

/** What is the same on every attempt to send a mail, so that one that leaves twice is one mail to its reader. */
export type MailContext = JobContext & {
  /** The `Message-ID` of the mail to this address: a receiver can drop the twin. */
  readonly toMessageId: (to: string) => string
  /** 256 bits that only this instance can make, for the link or code of a mail: a twin does not void the first one's. */
  readonly secret: Buffer
}

export type BoundMail = {
  readonly job: Job
  readonly run: (payload: unknown, context: MailContext) => Promise<void>
}

export function bindMail<S extends z.ZodType<{ orgId: string }>>(
  job: Job<S>,
  run: (payload: z.output<S>, context: MailContext) => Promise<void>,
): BoundMail {
  return { job, run: async (payload, context) => run(job.payload.parse(payload), context) }
}

/** Queues a mail inside the caller's transaction: it leaves when, and only if, that commits. */
export async function queueMail<S extends z.ZodType<{ orgId: string }>>(
  tx: WritingTx,
  mail: Job<S>,
  payload: z.input<S>,
): Promise<void> {
  const parsed = mail.payload.parse(payload)
  const atMs = systemClock.now()
  const id = `mail_${newId(atMs)}`
  const body = JSON.stringify(parsed)
  const delivery = { orgId: parsed.orgId, queue: mailQueueName, id, event: mail.name, body, atMs }
  await insertDelivery(tx, delivery, { destinationId, state: 'pending' })
}

export type MailQueueDeps = {
  readonly publicUrl: () => string
  /** 32 bytes that belong to a delivery, and that nobody can make from what the database holds. */
  readonly toSecret: (deliveryId: string) => Buffer
  readonly onError: (error: unknown) => void
}

/** Sends each mail by whoever writes it: the outbox holds what it is about, and never what it says. */
export function createMailQueue(
  mails: readonly BoundMail[],
  { publicUrl, toSecret, onError }: MailQueueDeps,
): DeliveryQueue<BoundMail> {
  const byName = new Map(mails.map((mail) => [mail.job.name, mail]))
  return {
    name: mailQueueName,
    rules: mailRules,
    prepare: async (_tx, claimed) =>
      claimed.map(({ event }) => {
        const mail = byName.get(event)
        if (mail !== undefined) return { kind: 'send', to: mail }
        const error = new Error(`Nobody writes the mail ${event}`)
        return { kind: 'broken', because: 'mail_unknown', error }
      }),
    attempt: async (mail, { id, body }, { signal }) => {
      const host = new URL(publicUrl()).hostname
      const toMessageId = (to: string): string => `<${id}.${toMark(to)}@${host}>`
      try {
        await mail.run(JSON.parse(body), { signal, toMessageId, secret: toSecret(id) })
        return toAttempt('accepted')
      } catch (error) {
        if (error instanceof Unsent) return error.attempt
        if (signal.aborted) throw error
        onError(error)
        return toAttempt('again', 'internal_error')
      }
    },
    notice: async () => undefined,
  }
}

/** Tells the addresses of one delivery apart without naming them. */
function toMark(to: string): string {
  return createHash('sha256').update(to, 'utf8').digest('hex').slice(0, 16)
}
