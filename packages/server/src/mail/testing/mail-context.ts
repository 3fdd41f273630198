import { createHash, randomUUID } from 'node:crypto'
import type { MailContext } from '../mail-queue.ts'

/** The context that a delivery would pass to the job that writes the mail. */
export function mailContext(id: string = randomUUID()): MailContext {
  return {
    signal: new AbortController().signal,
    toMessageId: () => `<${id}@gate.example.com>`,
    secret: createHash('sha256').update(id).digest(),
  }
}
