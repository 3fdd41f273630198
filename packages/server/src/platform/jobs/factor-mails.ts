import { asGate } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail, postMail, writeMoment } from '../../mail/index.ts'
import { sendFactorChanged, sendSudoCode } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { toGreeted } from '../mails/greet.ts'
import { factorChangeWords, sudoCodeWords } from '../mails/factor-words.ts'
import { policy } from '../policy.ts'
import { digestCode, toDigits } from '../usecases/short-code.ts'
import { setSudoCode } from '../store/sudo-store.ts'
import { toReader } from '../domain/person.ts'
import { findPerson } from '../store/user-store.ts'
import { postAsked } from './post-asked.ts'

export function bindFactorMails(deps: PlatformDeps): readonly BoundMail[] {
  return [bindFactorChanged(deps), bindSudoCode(deps)]
}

function bindFactorChanged(deps: PlatformDeps): BoundMail {
  return bindMail(sendFactorChanged, async ({ userId, change, ip, atMs }, context) => {
    const person = await asGate(deps, (tx) => findPerson(tx, userId))
    if (person === undefined) return
    const at = writeMoment(atMs, toReader(person))
    const url = `${deps.publicUrl()}/app/account`
    const words = factorChangeWords(person.language, { name: toGreeted(person), change, ip, at, url })
    await postMail(deps, sendFactorChanged.name, person, words, context)
  })
}

function bindSudoCode(deps: PlatformDeps): BoundMail {
  return bindMail(sendSudoCode, async ({ userId, sessionId }, context) => {
    const code = toDigits(context.secret)
    const digest = digestCode(deps.digests, `sudo:${sessionId}`, code)
    const person = await asGate(deps, async (tx) => {
      const isOpen = await setSudoCode(tx, sessionId, digest, deps.clock.now())
      return isOpen ? findPerson(tx, userId) : undefined
    })
    if (person === undefined) return
    const words = sudoCodeWords(person.language, {
      name: toGreeted(person),
      code: `${code.slice(0, 4)} ${code.slice(4)}`,
      minutes: policy.sudoCodeMinutes,
    })
    await postAsked(deps, sendSudoCode.name, person, words, context, 'code')
  })
}
