import { asGate } from '@gatehouse/kernel/db'
import { type BoundJob, bindJob, type Job } from '@gatehouse/kernel/jobs'
import * as jobs from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import type { MailedProof } from '../domain/mailed-proof.ts'
import type { Person } from '../domain/person.ts'
import * as words from '../mails/account-words.ts'
import type { MailWords } from '../mails/mail-words.ts'
import { policy } from '../policy.ts'
import { digestCode, mintDigits } from '../short-code.ts'
import { mintToken } from '../single-use-token.ts'
import { countOpenProofs, findProof, insertProof, setProofDigest } from '../store/mailed-proof-store.ts'
import { findAccountByEmail, findPerson } from '../store/user-store.ts'
import { post } from './post.ts'

const minuteMs = 60_000

/** The mails of everything that a person does about their own account. */
export function bindAccountMails(deps: PlatformDeps): readonly BoundJob[] {
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

/** Only here, away from whoever asked, is it looked up whether the address has an account (S9). */
function bindPasswordReset(deps: PlatformDeps): BoundJob {
  return bindJob(jobs.sendPasswordReset, async ({ proofId, email }, { signal }) => {
    const { token, digest } = mintToken()
    const account = await asGate(deps, async (tx) => {
      const found = await findAccountByEmail(tx, email)
      if (found === undefined) return undefined
      const now = deps.clock.now()
      const isSecondRun = (await findProof(tx, proofId, now)) !== undefined
      const asked = await countOpenProofs(tx, found.id, 'reset_password', now)
      if (!isSecondRun && asked >= policy.passwordResetMailsMax) return undefined
      await insertProof(tx, {
        id: proofId,
        userId: found.id,
        purpose: 'reset_password',
        email,
        expiresAtMs: now + policy.passwordResetMinutes * minuteMs,
        createdAtMs: now,
      })
      await setProofDigest(tx, proofId, digest)
      return found
    })
    if (account === undefined) return
    const { name, language } = account
    const url = `${deps.publicUrl()}/reset-password?token=${token}`
    const said = words.passwordResetWords(language, { name, url, minutes: policy.passwordResetMinutes })
    await post(deps, jobs.sendPasswordReset.name, account, said, signal)
  })
}

function bindPasswordChanged(deps: PlatformDeps): BoundJob {
  return bindJob(jobs.sendPasswordChanged, async ({ userId, ip, atMs }, { signal }) => {
    await tell(deps, jobs.sendPasswordChanged, userId, signal, ({ name, language }) =>
      words.passwordChangedWords(language, {
        name,
        ip,
        at: new Date(atMs).toISOString(),
        url: `${deps.publicUrl()}/forgot-password`,
      }),
    )
  })
}

function bindAddressProof(deps: PlatformDeps): BoundJob {
  return bindJob(jobs.sendAddressProof, async ({ proofId }, { signal }) => {
    const { token, digest } = mintToken()
    const arming = await arm(deps, proofId, () => digest)
    if (arming === undefined) return
    const { name, language } = arming.person
    const url = `${deps.publicUrl()}/verify-email?token=${token}`
    const said = words.addressProofWords(language, { name, url, hours: policy.verificationHours })
    await post(deps, jobs.sendAddressProof.name, { email: arming.proof.email, language }, said, signal)
  })
}

function bindEmailChange(deps: PlatformDeps): BoundJob {
  return bindJob(jobs.sendEmailChange, async ({ proofId }, { signal }) => {
    const { token, digest } = mintToken()
    const arming = await arm(deps, proofId, () => digest)
    if (arming === undefined) return
    const { email } = arming.proof
    const taken = await asGate(deps, (tx) => findAccountByEmail(tx, email))
    const url = `${deps.publicUrl()}/auth/confirm-email-change?token=${token}`
    const said =
      taken === undefined
        ? words.emailChangeWords(arming.person.language, {
            name: arming.person.name,
            url,
            hours: policy.emailChangeHours,
          })
        : words.addressTakenWords(taken.language, { name: taken.name, url: `${deps.publicUrl()}/login` })
    const { language } = taken ?? arming.person
    await post(deps, jobs.sendEmailChange.name, { email, language }, said, signal)
  })
}

function bindEmailChanged(deps: PlatformDeps): BoundJob {
  return bindJob(jobs.sendEmailChanged, async ({ proofId }, { signal }) => {
    const { token, digest } = mintToken()
    const arming = await arm(deps, proofId, () => digest)
    if (arming === undefined) return
    const { name, language, email } = arming.person
    const url = `${deps.publicUrl()}/auth/undo-email-change?token=${token}`
    const said = words.emailChangedWords(language, { name, url, email, days: policy.emailUndoDays })
    await post(deps, jobs.sendEmailChanged.name, { email: arming.proof.email, language }, said, signal)
  })
}

function bindDeletionCode(deps: PlatformDeps): BoundJob {
  return bindJob(jobs.sendDeletionCode, async ({ proofId }, { signal }) => {
    const code = mintDigits()
    const arming = await arm(deps, proofId, ({ userId }) =>
      digestCode(deps.digests, `delete_account:${userId}`, code),
    )
    if (arming === undefined) return
    const { name, language } = arming.person
    const said = words.deletionCodeWords(language, {
      name,
      code: `${code.slice(0, 4)} ${code.slice(4)}`,
      minutes: policy.deletionCodeMinutes,
    })
    await post(deps, jobs.sendDeletionCode.name, { email: arming.proof.email, language }, said, signal)
  })
}

function bindDeletionScheduled(deps: PlatformDeps): BoundJob {
  return bindJob(jobs.sendDeletionScheduled, async ({ userId }, { signal }) => {
    await tell(deps, jobs.sendDeletionScheduled, userId, signal, (person) => {
      // Cancelled since it was queued.
      if (person.deletionScheduledAtMs === null) return undefined
      const at = new Date(person.deletionScheduledAtMs).toISOString()
      const url = `${deps.publicUrl()}/account`
      return words.deletionScheduledWords(person.language, { name: person.name, at, url })
    })
  })
}

function bindDeletionBlocked(deps: PlatformDeps): BoundJob {
  return bindJob(jobs.sendDeletionBlocked, async ({ userId, orgs }, { signal }) => {
    await tell(deps, jobs.sendDeletionBlocked, userId, signal, ({ name, language }) =>
      words.deletionBlockedWords(language, { name, orgs, url: `${deps.publicUrl()}/team` }),
    )
  })
}

type Armed = { readonly proof: MailedProof; readonly person: Person }

/** Gives a proof what proves it, or undefined when it was used, expired or made worthless since it was queued. */
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
  signal: AbortSignal,
  toWords: (person: Person) => MailWords | undefined,
): Promise<void> {
  const person = await asGate(deps, (tx) => findPerson(tx, userId))
  const said = person && toWords(person)
  if (person === undefined || said === undefined) return
  await post(deps, name, person, said, signal)
}
