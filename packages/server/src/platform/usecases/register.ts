import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendAccountExists, sendVerification } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import type { Language } from '../domain/language.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { insertRegistration } from '../store/registration-store.ts'
import { findAccountByEmail } from '../store/user-store.ts'
import { hashNewPassword } from './hash-new-password.ts'

export type RegistrationRequest = {
  readonly email: string
  readonly password: string
  readonly name: string
  readonly orgName?: string | undefined
}

const hourMs = 3_600_000

/**
 * Registers a person. Only the mailbox learns whether the address has an account: reply and work are always the same
 * (S9).
 */
export async function register(
  deps: PlatformDeps,
  { email, password, name, orgName = name }: RegistrationRequest,
  language: Language,
): Promise<void> {
  if (deps.registration !== 'open') throw problems.REGISTRATION_CLOSED()
  if (!deps.mailer.isConfigured) throw problems.EMAIL_NOT_CONFIGURED()
  const passwordHash = await hashNewPassword(password)
  const account = await asGate(deps, (tx) => findAccountByEmail(tx, email))
  const now = deps.clock.now()
  const id = newId(now)
  await mutate(deps, { kind: 'system', orgId: instanceOrgId, because: 'registration' }, async (tx) => {
    if (account === undefined) {
      const expiresAtMs = now + policy.verificationHours * hourMs
      await insertRegistration(tx, {
        id,
        email,
        name,
        orgName,
        language,
        passwordHash,
        expiresAtMs,
        createdAtMs: now,
      })
      await queueMail(tx, sendVerification, { orgId: instanceOrgId, registrationId: id })
    } else {
      await queueMail(tx, sendAccountExists, { orgId: instanceOrgId, email })
    }
    return { result: undefined, entry: { action: 'user.ask', resourceId: id, at: now } }
  })
}
