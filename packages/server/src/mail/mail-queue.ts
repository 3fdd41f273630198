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

/** The name of the delivery queue for mails. */
export const mailQueueName = 'mail'

/** The delivery rules of mails. The data of a mail is deleted once it is done; the log keeps that it was sent. */
export const mailRules = {
  delaysSeconds: [0, 10, 60, 300, 1_800, 7_200, 21_600, 43_200],
  jitter: 0.2,
  retryAfterSecondsMax: 43_200,
  /** The timeout for one mail. A delivery to all owners sends one mail after another, so its lease is longer. */
  timeoutMs: 30_000,
  leaseExtraMs: 270_000,
  /** A small mail server must be able to handle this many at the same time. */
  places: { all: 8, perOrg: 4, perDestination: 4 },
  health: {},
  keepsBody: false,
} as const satisfies QueueRules

/** All mails go through one mail server, so that every org has one destination. */
const destinationId = 'mail'

/** Thrown by mail jobs when a mail could not be sent. */
export class Unsent extends Error {
  override readonly name = 'Unsent'
  readonly attempt: Attempt

  constructor(attempt: Attempt) {
    super(`A mail did not leave: ${attempt.error}`)
    this.attempt = attempt
  }
}

/**
 * Values that are equal on every attempt to send a mail, so that a mail that is sent twice looks like one to its
 * reader.
 */
export type MailContext = JobContext & {
  /** The `Message-ID` of the mail to this address, by which a receiver can drop a duplicate. */
  readonly toMessageId: (to: string) => string
  /** 256 bits that only this instance can compute, for the link or code of a mail: a duplicate has the same link. */
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

/** Queues a mail in the caller's transaction: it is sent if and only if that commits. */
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
  /** 32 bytes for a delivery that cannot be computed from the content of the database. */
  readonly toSecret: (deliveryId: string) => Buffer
  readonly onError: (error: unknown) => void
}

/** Sends each mail with the job that writes it: the outbox holds the subject matter of a mail, never its text. */
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

/** Distinguishes the addresses of one delivery without disclosing them. */
function toMark(to: string): string {
  return createHash('sha256').update(to, 'utf8').digest('hex').slice(0, 16)
}
