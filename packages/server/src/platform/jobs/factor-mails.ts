import { asGate } from '@gatehouse/kernel/db'
import { type BoundJob, bindJob } from '@gatehouse/kernel/jobs'
import { sendFactorChanged, sendSudoCode } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { factorChangeWords, sudoCodeWords } from '../mails/factor-words.ts'
import { policy } from '../policy.ts'
import { digestCode, mintDigits } from '../short-code.ts'
import { setSudoCode } from '../store/sudo-store.ts'
import { findPerson } from '../store/user-store.ts'
import { post } from './post.ts'

export function bindFactorMails(deps: PlatformDeps): readonly BoundJob[] {
  return [bindFactorChanged(deps), bindSudoCode(deps)]
}

function bindFactorChanged(deps: PlatformDeps): BoundJob {
  return bindJob(sendFactorChanged, async ({ userId, change, ip, atMs }, { signal }) => {
    const person = await asGate(deps, (tx) => findPerson(tx, userId))
    if (person === undefined) return
    const at = new Date(atMs).toISOString()
    const url = `${deps.publicUrl()}/account`
    const words = factorChangeWords(person.language, { name: person.name, change, ip, at, url })
    await post(deps, sendFactorChanged.name, person, words, signal)
  })
}

function bindSudoCode(deps: PlatformDeps): BoundJob {
  return bindJob(sendSudoCode, async ({ userId, sessionId }, { signal }) => {
    const code = mintDigits()
    const digest = digestCode(deps.digests, `sudo:${sessionId}`, code)
    const person = await asGate(deps, async (tx) => {
      const isOpen = await setSudoCode(tx, sessionId, digest, deps.clock.now())
      return isOpen ? findPerson(tx, userId) : undefined
    })
    if (person === undefined) return
    const words = sudoCodeWords(person.language, {
      name: person.name,
      code: `${code.slice(0, 4)} ${code.slice(4)}`,
      minutes: policy.sudoCodeMinutes,
    })
    await post(deps, sendSudoCode.name, person, words, signal)
  })
}
