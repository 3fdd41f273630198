import { asGate } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail, postMail, writeMoment } from '../../mail/index.ts'
import { sendSessionReuse } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { toGreeted } from '../mails/greet.ts'
import { sessionReuseWords } from '../mails/mail-words.ts'
import { toReader } from '../domain/person.ts'
import { findPerson } from '../store/user-store.ts'

export function bindSendSessionReuse(deps: PlatformDeps): BoundMail {
  return bindMail(sendSessionReuse, async ({ userId, ip, atMs }, context) => {
    const person = await asGate(deps, (tx) => findPerson(tx, userId))
    if (person === undefined) return
    const words = sessionReuseWords(person.language, {
      name: toGreeted(person),
      ip,
      at: writeMoment(atMs, toReader(person)),
      url: `${deps.publicUrl()}/app/login`,
    })
    await postMail(deps, sendSessionReuse.name, person, words, context)
  })
}
