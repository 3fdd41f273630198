import { within } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { bindMail, type BoundMail, postEach, type Reader, writeMoment } from '../../mail/index.ts'
import { sendIncidentReminder, sendSecurityNotice } from '../contract/security-mails.ts'
import type { PlatformDeps } from '../deps.ts'
import { toDueMs } from '../domain/deadline.ts'
import { incidentReminderWords, securityNoticeWords } from '../mails/incident-words.ts'
import { policy } from '../policy.ts'
import { listOwnerAddresses } from '../store/membership-store.ts'
import { findOrg } from '../store/org-store.ts'
import { findIncident } from '../store/security-incident-store.ts'
import { findNotice } from '../store/security-notice-store.ts'
import { listOperators } from '../usecases/list-operators.ts'

/** The mails about security incidents. */
export function bindSecurityMails(deps: PlatformDeps): readonly BoundMail[] {
  return [bindSendIncidentReminder(deps), bindSendSecurityNotice(deps)]
}

function bindSendIncidentReminder(deps: PlatformDeps): BoundMail {
  return bindMail(sendIncidentReminder, async ({ incidentId, hours }, context) => {
    const principal = { kind: 'system', orgId: instanceOrgId, because: 'mail' } as const
    const incident = await within(deps, principal, (tx) => findIncident(tx, incidentId))
    if (incident === undefined) return
    const { tell } = policy.incidents
    const facts = {
      title: incident.title,
      severity: incident.severity,
      hours,
      tellHours: tell.hours,
      url: `${deps.publicUrl()}/app/admin`,
    }
    const dueMs = toDueMs(incident.clockFromMs, tell)
    const toWords = (reader: Reader) =>
      incidentReminderWords(reader.language, { ...facts, due: writeMoment(dueMs, reader) })
    await postEach(deps, sendIncidentReminder.name, await listOperators(deps), toWords, context)
  })
}

function bindSendSecurityNotice(deps: PlatformDeps): BoundMail {
  return bindMail(sendSecurityNotice, async ({ orgId, incidentId }, context) => {
    const principal = { kind: 'system', orgId, because: 'mail' } as const
    const { org, owners, notice } = await within(deps, principal, async (tx) => ({
      org: await findOrg(tx),
      owners: await listOwnerAddresses(tx),
      notice: await findNotice(tx, incidentId),
    }))
    if (org === undefined || notice === undefined) return
    const toWords = ({ language }: Reader) =>
      securityNoticeWords(language, {
        org: org.name,
        title: notice.title,
        message: notice.message[language] ?? notice.message.en,
        url: `${deps.publicUrl()}/app`,
      })
    await postEach(deps, sendSecurityNotice.name, owners, toWords, context)
  })
}
