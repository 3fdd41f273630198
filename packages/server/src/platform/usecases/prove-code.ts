import { asGate } from '@gatehouse/kernel/db'
import type { PlatformDeps } from '../deps.ts'
import { judgeTotp } from './judge-totp.ts'
import { toPlainCode } from '../domain/recovery-codes.ts'
import { digestToken } from './single-use-token.ts'
import { findTotp, takeRecoveryCode, takeTotpStep } from '../store/factor-store.ts'

export type CodeVerdict =
  | { readonly proven: true }
  | {
      readonly proven: false
      readonly reason: 'no_totp' | 'wrong_code' | 'used_code' | 'wrong_recovery_code'
    }

/** The place of a sealed TOTP secret. People belong to no org, so the person's id takes the place of the org's. */
export function totpPlace(userId: string, id: string) {
  return { orgId: userId, table: 'platform.totp_factor', column: 'secret_sealed', row: id }
}

/** Verifies a code, each of which can be used once: of any number of concurrent callers one succeeds. */
export async function proveTotp(
  deps: Pick<PlatformDeps, 'db' | 'clock' | 'sealer'>,
  userId: string,
  code: string,
): Promise<CodeVerdict> {
  const totp = await asGate(deps, (tx) => findTotp(tx, userId, 'confirmed'))
  if (totp === undefined) return { proven: false, reason: 'no_totp' }
  const secret = deps.sealer.open(totpPlace(userId, totp.id), totp.secretSealed).reveal()
  const now = deps.clock.now()
  const verdict = judgeTotp(secret, code, totp.lastStep, now)
  if (!verdict.accepted) return { proven: false, reason: verdict.reason }
  const isFirst = await asGate(deps, (tx) => takeTotpStep(tx, totp.id, verdict.step, now))
  return isFirst ? { proven: true } : { proven: false, reason: 'used_code' }
}

export async function proveRecoveryCode(
  deps: Pick<PlatformDeps, 'db'>,
  userId: string,
  code: string,
): Promise<CodeVerdict> {
  const digest = digestToken(toPlainCode(code))
  const isTaken = await asGate(deps, (tx) => takeRecoveryCode(tx, userId, digest))
  return isTaken ? { proven: true } : { proven: false, reason: 'wrong_recovery_code' }
}
