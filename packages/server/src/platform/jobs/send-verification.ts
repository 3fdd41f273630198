import { asGate } from '@gatehouse/kernel/db'
import { type BoundJob, bindJob } from '@gatehouse/kernel/jobs'
import { sendVerification } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { verificationWords } from '../mails/mail-words.ts'
import { policy } from '../policy.ts'
import { mintToken } from '../single-use-token.ts'
import { findRegistration, setRegistrationToken } from '../store/registration-store.ts'
import { post } from './post.ts'

export function bindSendVerification(deps: PlatformDeps): BoundJob {
  return bindJob(sendVerification, async ({ registrationId }, { signal }) => {
    const { token, digest } = mintToken()
    const registration = await asGate(deps, async (tx) => {
      const found = await findRegistration(tx, registrationId, deps.clock.now())
      if (found !== undefined) await setRegistrationToken(tx, registrationId, digest)
      return found
    })
    if (registration === undefined) return
    const words = verificationWords(registration.language, {
      name: registration.name,
      url: `${deps.publicUrl()}/verify-email?token=${token}`,
      hours: policy.verificationHours,
    })
    await post(deps, sendVerification.name, registration, words, signal)
  })
}
