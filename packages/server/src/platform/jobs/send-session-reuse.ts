import { asGate } from '@gatehouse/kernel/db'
import { type BoundJob, bindJob } from '@gatehouse/kernel/jobs'
import { sendSessionReuse } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { sessionReuseWords } from '../mails/mail-words.ts'
import { findPerson } from '../store/user-store.ts'
import { post } from './post.ts'

export function bindSendSessionReuse(deps: PlatformDeps): BoundJob {
  return bindJob(sendSessionReuse, async ({ userId, ip, atMs }, { signal }) => {
    const person = await asGate(deps, (tx) => findPerson(tx, userId))
    if (person === undefined) return
    const words = sessionReuseWords(person.language, {
      name: person.name,
      ip,
      at: new Date(atMs).toISOString(),
      url: `${deps.publicUrl()}/login`,
    })
    await post(deps, sendSessionReuse.name, person, words, signal)
  })
}
