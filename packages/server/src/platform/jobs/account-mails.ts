import { createHmac } from 'node:crypto'
import { asGate } from '@gatehouse/kernel/db'
import { showEmail } from '@gatehouse/kernel/endpoint'
import type { Job } from '@gatehouse/kernel/jobs'
import {
  bindMail,
  type BoundMail,
  type MailContext,
  type MailWords,
  postMail,
  writeMoment,
} from '../../mail/index.ts'
import * as jobs from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import type { MailedProof } from '../domain/mailed-proof.ts'
import { type Person, toReader } from '../domain/person.ts'
import * as words from '../mails/account-words.ts'
import { toGreeted } from '../mails/greet.ts'
import { policy } from '../policy.ts'
import { digestCode, toDigits } from '../usecases/short-code.ts'
import { toToken } from '../usecases/single-use-token.ts'
import { findProof, insertProof, setProofDigest } from '../store/mailed-proof-store.ts'
import { findAccountByEmail, findPerson } from '../store/user-store.ts'
import { postAsked } from './post-asked.ts'

const minuteMs = 60_000

/** The mails about what a person does with their own account. */
export function bindAccountMails(deps: PlatformDeps): readonly BoundMail[] {
  return [
    bindPasswordReset(deps),
    bindPasswordChanged(deps),
    bindAddressProof(deps),
    bindEmailChange(deps),
    bindEmailChanged(deps),
    bindDeletionCode(deps),
    bindDeletionScheduled(deps),
    bindDeletionBlocked(deps),
  ]
}

/** The look-up whether the address has an account happens only here, apart from the request (S9). */
function bindPasswordReset(deps: PlatformDeps): BoundMail {
  return bindMail(jobs.sendPasswordReset, async ({ proofId, email }, context) => {
    const armed = await asGate(deps, async (tx) => {
      const found = await findAccountByEmail(tx, email)
      if (found === undefined) return undefined
      // Derived from the password hash too: if the mail is sent again after its link was used, that link does not
      // become valid again.
      const secret = createHmac('sha256', context.secret).update(found.passwordHash).digest()
      const { token, digest } = toToken(secret)
      const now = deps.clock.now()
      await insertProof(tx, {
        id: proofId,
        userId: found.id,
        purpose: 'reset_password',
        email,
        expiresAtMs: now + policy.passwordResetMinutes * minuteMs,
        createdAtMs: now,
      })
      await setProofDigest(tx, proofId, digest)
      return { account: found, token }
    })
    if (armed === undefined) return
    const { account, token } = armed
    const { language } = account
    const name = toGreeted(account)
    const url = `${deps.publicUrl()}/app/reset-password?token=${token}`
    const said = words.passwordResetWords(language, { name, url, minutes: policy.passwordResetMinutes })
    await postAsked(deps, jobs.sendPasswordReset.name, account, said, context)
  })
}

function bindPasswordChanged(deps: PlatformDeps): BoundMail {
  return bindMail(jobs.sendPasswordChanged, async ({ userId, ip, atMs }, context) => {
    await tell(deps, jobs.sendPasswordChanged, userId, context, (person) =>
      words.passwordChangedWords(person.language, {
        name: toGreeted(person),
        ip,
        at: writeMoment(atMs, toReader(person)),
        url: `${deps.publicUrl()}/app/forgot-password`,
      }),
    )
  })
}

function bindAddressProof(deps: PlatformDeps): BoundMail {
  return bindMail(jobs.sendAddressProof, async ({ proofId }, context) => {
    const { token, digest } = toToken(context.secret)
    const arming = await arm(deps, proofId, () => digest)
    if (arming === undefined) return
    const { language } = arming.person
    const url = `${deps.publicUrl()}/app/verify-email?token=${token}`
    const said = words.addressProofWords(language, { name: null, url, hours: policy.verificationHours })
    await postAsked(deps, jobs.sendAddressProof.name, { email: arming.proof.email, language }, said, context)
  })
}

function bindEmailChange(deps: PlatformDeps): BoundMail {
  return bindMail(jobs.sendEmailChange, async ({ proofId }, context) => {
    const { token, digest } = toToken(context.secret)
    const arming = await arm(deps, proofId, () => digest)
    if (arming === undefined) return
    const { email } = arming.proof
    const taken = await asGate(deps, (tx) => findAccountByEmail(tx, email))
    const url = `${deps.publicUrl()}/auth/confirm-email-change?token=${token}`
    const said =
      taken === undefined
        ? words.emailChangeWords(arming.person.language, {
            name: null,
            url,
            hours: policy.emailChangeHours,
          })
        : words.addressTakenWords(taken.language, {
            name: toGreeted(taken),
            url: `${deps.publicUrl()}/app/login`,
          })
    const { language } = taken ?? arming.person
    await postAsked(deps, jobs.sendEmailChange.name, { email, language }, said, context)
  })
}

function bindEmailChanged(deps: PlatformDeps): BoundMail {
  return bindMail(jobs.sendEmailChanged, async ({ proofId }, context) => {
    const { token, digest } = toToken(context.secret)
    const arming = await arm(deps, proofId, () => digest)
    if (arming === undefined) return
    const { language, email } = arming.person
    const name = toGreeted(arming.person)
    const url = `${deps.publicUrl()}/auth/undo-email-change?token=${token}`
    const said = words.emailChangedWords(language, {
      name,
      url,
      email: showEmail(email),
      days: policy.emailUndoDays,
    })
    await postMail(deps, jobs.sendEmailChanged.name, { email: arming.proof.email, language }, said, context)
  })
}

function bindDeletionCode(deps: PlatformDeps): BoundMail {
  return bindMail(jobs.sendDeletionCode, async ({ proofId }, context) => {
    const code = toDigits(context.secret)
    const arming = await arm(deps, proofId, ({ userId }) =>
      digestCode(deps.digests, `delete_account:${userId}`, code),
    )
    if (arming === undefined) return
    const { language } = arming.person
    const name = toGreeted(arming.person)
    const said = words.deletionCodeWords(language, {
      name,
      code: `${code.slice(0, 4)} ${code.slice(4)}`,
      minutes: policy.deletionCodeMinutes,
    })
    await postAsked(
      deps,
      jobs.sendDeletionCode.name,
      { email: arming.proof.email, language },
      said,
      context,
      'code',
    )
  })
}

function bindDeletionScheduled(deps: PlatformDeps): BoundMail {
  return bindMail(jobs.sendDeletionScheduled, async ({ userId }, context) => {
    await tell(deps, jobs.sendDeletionScheduled, userId, context, (person) => {
      // The deletion was cancelled after the mail was queued.
      if (person.deletionScheduledAtMs === null) return undefined
      const at = writeMoment(person.deletionScheduledAtMs, toReader(person))
      const url = `${deps.publicUrl()}/app/account`
      return words.deletionScheduledWords(person.language, { name: toGreeted(person), at, url })
    })
  })
}

function bindDeletionBlocked(deps: PlatformDeps): BoundMail {
  return bindMail(jobs.sendDeletionBlocked, async ({ userId, orgs }, context) => {
    await tell(deps, jobs.sendDeletionBlocked, userId, context, (person) =>
      words.deletionBlockedWords(person.language, {
        name: toGreeted(person),
        orgs,
        url: `${deps.publicUrl()}/app/team`,
      }),
    )
  })
}

type Armed = { readonly proof: MailedProof; readonly person: Person }

/**
 * Stores the digest of a proof's token; undefined when the proof was used, has expired or was revoked after the mail
 * was queued.
 */
async function arm(
  deps: PlatformDeps,
  proofId: string,
  toDigest: (proof: MailedProof) => Buffer,
): Promise<Armed | undefined> {
  return asGate(deps, async (tx) => {
    const proof = await findProof(tx, proofId, deps.clock.now())
    if (proof === undefined) return undefined
    const person = await findPerson(tx, proof.userId)
    if (person === undefined) throw new Error('A proof outlived its person')
    await setProofDigest(tx, proofId, toDigest(proof))
    return { proof, person }
  })
}

async function tell(
  deps: PlatformDeps,
  { name }: Pick<Job, 'name'>,
  userId: string,
  context: MailContext,
  toWords: (person: Person) => MailWords | undefined,
): Promise<void> {
  const person = await asGate(deps, (tx) => findPerson(tx, userId))
  const said = person && toWords(person)
  if (person === undefined || said === undefined) return
  await postMail(deps, name, person, said, context)
}
