import { mutate } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendReportArrived } from '../contract/security-mails.ts'
import type { PlatformDeps } from '../deps.ts'
import { toDueMs } from '../domain/deadline.ts'
import type { WeaknessReport } from '../domain/weakness-report.ts'
import { policy } from '../policy.ts'
import { insertCase } from '../store/disclosure-store.ts'
import { sealReport } from './sealed-report.ts'
import { mintToken } from './single-use-token.ts'

type ReportDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'mailer' | 'sealer' | 'randomBytes'>

export type ReceivedReport = {
  readonly reference: string
  /** Shown once: with it a reporter without an address can look up the state of the case. */
  readonly code: string
  readonly acknowledgeByMs: number
  readonly fixByMs: number
}

/** Without letters that look like digits. Sixteen characters, so that all are equally likely. */
const characters = 'BCDFGHJKMNPQRSTV'
const system: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'reported weakness' }

/** Opens a case with both of its deadlines. Nothing is stored about the sender except what they wrote. */
export async function submitReport(deps: ReportDeps, report: WeaknessReport): Promise<ReceivedReport> {
  const at = deps.clock.now()
  const id = newId(at)
  const reference = `GH-${[...deps.randomBytes(8)].map((byte) => characters[byte % 16]).join('')}`
  const { token: code, digest: codeDigest } = mintToken()
  await mutate(deps, system, async (tx) => {
    const reportSealed = sealReport(deps.sealer, id, report)
    const wantsCredit = report.creditName !== null
    await insertCase(tx, { id, reference, codeDigest, reportSealed, wantsCredit, receivedAtMs: at })
    if (deps.mailer.isConfigured) await queueMail(tx, sendReportArrived, { orgId: instanceOrgId, caseId: id })
    const entry = { action: 'disclosure_case.receive', resourceId: id, detail: { reference }, at }
    return { result: undefined, entry }
  })
  const { acknowledge, fix } = policy.disclosure.clocks
  return { reference, code, acknowledgeByMs: toDueMs(at, acknowledge), fixByMs: toDueMs(at, fix) }
}
