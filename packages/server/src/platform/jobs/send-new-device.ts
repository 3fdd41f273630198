import { asGate } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail, postMail, writeMoment } from '../../mail/index.ts'
import { sendNewDevice } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { toGreeted } from '../mails/greet.ts'
import { newDeviceWords } from '../mails/device-words.ts'
import { toReader } from '../domain/person.ts'
import { findPerson } from '../store/user-store.ts'

export function bindSendNewDevice(deps: PlatformDeps): BoundMail {
  return bindMail(sendNewDevice, async ({ userId, browser, system, ip, atMs }, context) => {
    const person = await asGate(deps, (tx) => findPerson(tx, userId))
    if (person === undefined) return
    const words = newDeviceWords(person.language, {
      name: toGreeted(person),
      browser,
      system,
      ip,
      at: writeMoment(atMs, toReader(person)),
      url: `${deps.publicUrl()}/app/account`,
    })
    await postMail(deps, sendNewDevice.name, person, words, context)
  })
}
