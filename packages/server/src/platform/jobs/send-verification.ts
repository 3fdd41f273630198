import { asGate } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail } from '../../mail/index.ts'
import { sendVerification } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { verificationWords } from '../mails/mail-words.ts'
import { policy } from '../policy.ts'
import { toToken } from '../usecases/single-use-token.ts'
import { findRegistration, setRegistrationToken } from '../store/registration-store.ts'
import { postAsked } from './post-asked.ts'

export function bindSendVerification(deps: PlatformDeps): BoundMail {
  return bindMail(sendVerification, async ({ registrationId }, context) => {
    const { token, digest } = toToken(context.secret)
    const registration = await asGate(deps, async (tx) => {
      const found = await findRegistration(tx, registrationId, deps.clock.now())
      if (found !== undefined) await setRegistrationToken(tx, registrationId, digest)
      return found
    })
    if (registration === undefined) return
    const words = verificationWords(registration.language, {
      url: `${deps.publicUrl()}/app/verify-email?token=${token}`,
      hours: policy.verificationHours,
    })
    await postAsked(deps, sendVerification.name, registration, words, context)
  })
}
