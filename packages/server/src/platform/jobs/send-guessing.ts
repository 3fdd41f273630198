import { asGate } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail, postMail, writeMoment } from '../../mail/index.ts'
import { sendGuessing } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { toGreeted } from '../mails/greet.ts'
import { guessingWords } from '../mails/guessing-words.ts'
import { toReader } from '../domain/person.ts'
import { findPerson } from '../store/user-store.ts'

export function bindSendGuessing(deps: PlatformDeps): BoundMail {
  return bindMail(sendGuessing, async ({ userId, atMs }, context) => {
    const person = await asGate(deps, (tx) => findPerson(tx, userId))
    if (person === undefined) return
    const { language } = person
    const at = writeMoment(atMs, toReader(person))
    const said = guessingWords(language, {
      name: toGreeted(person),
      at,
      url: `${deps.publicUrl()}/app/account`,
    })
    await postMail(deps, sendGuessing.name, person, said, context)
  })
}
