import { within } from '@gatehouse/kernel/db'
import { parseEmail } from '@gatehouse/kernel/endpoint'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { bindMail, type BoundMail, postEach, postMail, type Reader, writeMoment } from '../../mail/index.ts'
import { sendCaseReminder, sendCaseStep, sendReportArrived } from '../contract/security-mails.ts'
import type { PlatformDeps } from '../deps.ts'
import { toDueMs } from '../domain/deadline.ts'
import type { DisclosureCase } from '../domain/disclosure-case.ts'
import type { WeaknessReport } from '../domain/weakness-report.ts'
import { caseReminderWords, caseStepWords, reportArrivedWords } from '../mails/disclosure-words.ts'
import { policy } from '../policy.ts'
import { findCase, findSealedReport } from '../store/disclosure-store.ts'
import { listOperators } from '../usecases/list-operators.ts'
import { openReport } from '../usecases/sealed-report.ts'

/** The mails about reported weaknesses. */
export function bindDisclosureMails(deps: PlatformDeps): readonly BoundMail[] {
  return [bindSendReportArrived(deps), bindSendCaseReminder(deps), bindSendCaseStep(deps)]
}

/**
 * With a key of the operator, the mail contains the report itself, encrypted with it; otherwise the report stays where
 * it is sealed.
 */
function bindSendReportArrived(deps: PlatformDeps): BoundMail {
  return bindMail(sendReportArrived, async ({ caseId }, context) => {
    const known = await find(deps, caseId)
    if (known === undefined) return
    const { found, report } = known
    const { acknowledge, fix } = policy.disclosure.clocks
    const facts = {
      reference: found.reference,
      url: `${deps.publicUrl()}/app/admin`,
    }
    const enclosed = await deps.reportKey?.encrypt(toText(report))
    const toWords = (reader: Reader) => ({
      ...reportArrivedWords(reader.language, {
        ...facts,
        acknowledgeBy: writeMoment(toDueMs(found.receivedAtMs, acknowledge), reader),
        fixBy: writeMoment(toDueMs(found.receivedAtMs, fix), reader),
      }),
      ...(enclosed === undefined ? {} : { enclosed }),
    })
    await postEach(deps, sendReportArrived.name, await listOperators(deps), toWords, context)
  })
}

function bindSendCaseReminder(deps: PlatformDeps): BoundMail {
  return bindMail(sendCaseReminder, async ({ caseId, clock, hours }, context) => {
    const known = await find(deps, caseId)
    if (known === undefined) return
    const { found } = known
    const deadline = policy.disclosure.clocks[clock]
    const facts = {
      reference: found.reference,
      clock,
      hours,
      deadlineHours: deadline.hours,
      url: `${deps.publicUrl()}/app/admin`,
    }
    const dueMs = toDueMs(found.receivedAtMs, deadline)
    const toWords = (reader: Reader) =>
      caseReminderWords(reader.language, { ...facts, due: writeMoment(dueMs, reader) })
    await postEach(deps, sendCaseReminder.name, await listOperators(deps), toWords, context)
  })
}

/** Mails the reporter, if their contact is an address; otherwise it is for the operator to use. */
function bindSendCaseStep(deps: PlatformDeps): BoundMail {
  return bindMail(sendCaseStep, async ({ caseId, step }, context) => {
    const known = await find(deps, caseId)
    if (known === undefined) return
    const { found, report } = known
    const parsed = parseEmail(report.contact)
    if (!parsed.accepted) return
    const { language } = report
    const { reference } = found
    const url = `${deps.publicUrl()}/security/report/${reference}`
    const words = caseStepWords(language, { reference, step, url })
    await postMail(deps, sendCaseStep.name, { email: parsed.address, language }, words, context)
  })
}

async function find(
  deps: PlatformDeps,
  caseId: string,
): Promise<{ readonly found: DisclosureCase; readonly report: WeaknessReport } | undefined> {
  const principal = { kind: 'system', orgId: instanceOrgId, because: 'mail' } as const
  return within(deps, principal, async (tx) => {
    const found = await findCase(tx, caseId)
    const sealed = await findSealedReport(tx, caseId)
    if (found === undefined || sealed === undefined) return undefined
    return { found, report: openReport(deps.sealer, caseId, sealed) }
  })
}

function toText({ what, impact, reproduction, contact, creditName }: WeaknessReport): string {
  return [
    `What was found:\n${what}`,
    `What is gained by it:\n${impact}`,
    `How it is reproduced:\n${reproduction}`,
    `Contact: ${contact}`,
    `Credit: ${creditName ?? 'none'}`,
  ].join('\n\n')
}
