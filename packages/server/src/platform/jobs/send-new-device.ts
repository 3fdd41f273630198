import { asGate } from '@gatehouse/kernel/db'
import { type BoundJob, bindJob } from '@gatehouse/kernel/jobs'
import { sendNewDevice } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { newDeviceWords } from '../mails/device-words.ts'
import { findPerson } from '../store/user-store.ts'
import { post } from './post.ts'

export function bindSendNewDevice(deps: PlatformDeps): BoundJob {
  return bindJob(sendNewDevice, async ({ userId, browser, system, ip, atMs }, { signal }) => {
    const person = await asGate(deps, (tx) => findPerson(tx, userId))
    if (person === undefined) return
    const words = newDeviceWords(person.language, {
      name: person.name,
      browser,
      system,
      ip,
      at: new Date(atMs).toISOString(),
      url: `${deps.publicUrl()}/account`,
    })
    await post(deps, sendNewDevice.name, person, words, signal)
  })
}
