import { systemClock } from '@gatehouse/kernel/clock'
import { deliverDue } from '@gatehouse/kernel/delivery'
import { createMailQueue } from '../../mail/index.ts'
import type { PlatformDeps } from '../deps.ts'
import { platformMails } from '../jobs/index.ts'

/** Sends the queued mails as a node would, but one after another, oldest first. A fault of the server is thrown. */
export async function runQueue(deps: PlatformDeps): Promise<void> {
  const errors: unknown[] = []
  const onError = (error: unknown): void => void errors.push(error)
  const queue = createMailQueue(platformMails(deps), {
    publicUrl: deps.publicUrl,
    toSecret: (id) => deps.digests.digest(id, deps.digests.currentVersion),
    onError,
  })
  const rules = { ...queue.rules, places: { all: 256, perOrg: 256, perDestination: 256 } }
  let last: Promise<unknown> = Promise.resolve()
  const attempt: typeof queue.attempt = (...of) => {
    const next = last.then(() => queue.attempt(...of))
    last = next.catch(() => undefined)
    return next
  }
  await deliverDue(
    { db: deps.db, clock: systemClock, chance: () => 0.5, onError },
    { ...queue, rules, attempt },
  )
  if (errors.length > 0) throw new AggregateError(errors)
}
