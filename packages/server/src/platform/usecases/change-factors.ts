import { type AuditedTx, type Decision, mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { endOtherSessions } from '@gatehouse/kernel/sessions'
import { queueMail } from '../../mail/index.ts'
import { type FactorChange, sendFactorChanged } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import type { Factor } from '../domain/factor.ts'
import { judgeTotp, newTotp } from './judge-totp.ts'
import { toPlainCode, toRecoveryCode } from '../domain/recovery-codes.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { digestToken } from './single-use-token.ts'
import * as store from '../store/factor-store.ts'
import { deleteHalfLogInsOf } from '../store/sudo-store.ts'
import { findOwnAccount } from './assert-own-password.ts'
import { totpPlace } from './prove-code.ts'

/** `recoveryCodes` are made with the first second factor; later ones keep the existing codes. */
export type NewFactor = { readonly factor: Factor; readonly recoveryCodes: string[] | null }

export type NewTotp = { readonly id: string; readonly secret: string; readonly otpauthUri: string }

/** 160 bits, as RFC 4226 §4 recommends. */
const totpSecretBytes = 20

export async function enrolTotp(deps: PlatformDeps, member: MemberPrincipal): Promise<NewTotp> {
  const { userId } = member
  const { email } = await findOwnAccount(deps, member)
  return mutate(deps, member, async (tx) => {
    await store.lockFactors(tx, userId)
    if ((await store.listFactors(tx, userId)).some(({ kind }) => kind === 'totp'))
      throw problems.FACTOR_EXISTS()
    const now = deps.clock.now()
    const id = newId(now)
    const { secret, otpauthUri } = newTotp(deps.randomBytes(totpSecretBytes), email, 'Gatehouse')
    const secretSealed = deps.sealer.seal(totpPlace(userId, id), secret)
    await store.insertTotp(tx, { id, userId, secretSealed, createdAtMs: now })
    return {
      result: { id, secret, otpauthUri },
      entry: { action: 'factor.enrol', resourceId: id, detail: { kind: 'totp' }, at: now },
    }
  })
}

export async function confirmTotp(
  deps: PlatformDeps,
  member: MemberPrincipal,
  id: string,
  code: string,
): Promise<NewFactor> {
  const { userId } = member
  const totp = await asGate(deps, (tx) => store.findTotp(tx, userId, 'waiting'))
  if (totp === undefined || totp.id !== id) throw problems.NOT_FOUND()
  const secret = deps.sealer.open(totpPlace(userId, id), totp.secretSealed).reveal()
  const verdict = judgeTotp(secret, code, totp.lastStep, deps.clock.now())
  if (!verdict.accepted) throw problems.PROOF_REFUSED()
  return addFactor(deps, member, 'totp_added', async (tx, now) => {
    if (!(await store.confirmTotp(tx, userId, id, verdict.step, now))) throw problems.NOT_FOUND()
    return id
  })
}

export async function deleteFactor(deps: PlatformDeps, member: MemberPrincipal, id: string): Promise<void> {
  const { userId } = member
  await mutate(deps, member, async (tx) => {
    await store.lockFactors(tx, userId)
    const now = deps.clock.now()
    const factor = (await store.listFactors(tx, userId)).find((one) => one.id === id)
    if (factor === undefined || !(await store.deleteFactor(tx, userId, id))) throw problems.NOT_FOUND()
    if ((await store.listFactors(tx, userId)).length === 0) await store.setRecoveryCodes(tx, userId, [], now)
    const entry = await settle(deps, tx, member, 'factor_removed', now, id)
    return { result: undefined, entry: { ...entry, detail: { kind: factor.kind } } }
  })
}

export async function renewRecoveryCodes(deps: PlatformDeps, member: MemberPrincipal): Promise<string[]> {
  const { userId } = member
  return mutate(deps, member, async (tx) => {
    await store.lockFactors(tx, userId)
    const now = deps.clock.now()
    if ((await store.listFactors(tx, userId)).length === 0)
      throw problems.NOT_FOUND({ detail: 'Recovery codes stand in for a second factor, and there is none' })
    const result = await makeRecoveryCodes(deps, tx, userId, now)
    return { result, entry: await settle(deps, tx, member, 'recovery_codes_renewed', now, userId) }
  })
}

/** Adds a factor, with all that follows from it. `add` returns the id of the new factor. */
export async function addFactor(
  deps: PlatformDeps,
  member: MemberPrincipal,
  change: 'totp_added' | 'passkey_added',
  add: (tx: AuditedTx, nowMs: number) => Promise<string>,
): Promise<NewFactor> {
  const { userId } = member
  return mutate(deps, member, async (tx) => {
    await store.lockFactors(tx, userId)
    const now = deps.clock.now()
    const isFirst = (await store.listFactors(tx, userId)).length === 0
    const id = await add(tx, now)
    const recoveryCodes = isFirst ? await makeRecoveryCodes(deps, tx, userId, now) : null
    const factor = (await store.listFactors(tx, userId)).find((one) => one.id === id)
    if (factor === undefined) throw new Error('A factor that was just added is not there')
    return { result: { factor, recoveryCodes }, entry: await settle(deps, tx, member, change, now, id) }
  })
}

async function makeRecoveryCodes(
  deps: PlatformDeps,
  tx: AuditedTx,
  userId: string,
  nowMs: number,
): Promise<string[]> {
  const codes = Array.from({ length: policy.recoveryCodes }, () => toRecoveryCode(deps.randomBytes(10)))
  const digests = codes.map((code) => digestToken(toPlainCode(code)))
  await store.setRecoveryCodes(tx, userId, digests, nowMs)
  return codes
}

const actions = {
  totp_added: 'factor.add_totp',
  passkey_added: 'factor.add_passkey',
  factor_removed: 'factor.remove',
  recovery_codes_renewed: 'factor.renew_recovery_codes',
} as const

/** What follows from every change of factors: the person's other sessions end, and they are notified (S5). */
async function settle(
  deps: PlatformDeps,
  tx: AuditedTx,
  { userId, orgId, sessionId, ip }: MemberPrincipal,
  change: Exclude<FactorChange, 'recovery_code_used'>,
  nowMs: number,
  resourceId: string,
): Promise<Decision> {
  await endOtherSessions(tx, userId, sessionId, 'factor_change', nowMs)
  await deleteHalfLogInsOf(tx, userId)
  if (deps.mailer.isConfigured)
    await queueMail(tx, sendFactorChanged, { orgId, userId, change, ip, atMs: nowMs })
  return { action: actions[change], resourceId, at: nowMs }
}
