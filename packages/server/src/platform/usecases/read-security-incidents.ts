import { listEntries, toChainEntry } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { instanceOrgId, type MemberPrincipal } from '@gatehouse/kernel/principal'
import { renderMail } from '../../mail/index.ts'
import { openCursor, type Page, toPage } from '../../service/paging.ts'
import type { IncidentQuery } from '../contract/security-incidents.ts'
import type { PlatformDeps } from '../deps.ts'
import type { Language } from '../domain/language.ts'
import { judgeIncidentStep, type Said, type SecurityIncident } from '../domain/security-incident.ts'
import { securityNoticeWords } from '../mails/incident-words.ts'
import { problems } from '../problems.ts'
import { listAffectedOrgs } from '../store/incident-scope-store.ts'
import { findIncident, listIncidents } from '../store/security-incident-store.ts'

const list = 'security-incidents'
const timelineMax = 500

export async function listSecurityIncidents(
  deps: Pick<PlatformDeps, 'db' | 'cursors'>,
  admin: MemberPrincipal,
  { cursor, limit }: IncidentQuery,
): Promise<Page<SecurityIncident>> {
  const afterId = openCursor(deps, list, instanceOrgId, cursor)
  const rows = await within(deps, inInstance(admin), (tx) => listIncidents(tx, { afterId, limit: limit + 1 }))
  return toPage(deps, list, instanceOrgId, rows, limit, ({ id }) => id)
}

export type IncidentStepTaken = {
  readonly atMs: number
  readonly action: string
  readonly actor: string | null
  readonly seq: number
}

/** An incident with its affected orgs and its audit entries, in chronological order. */
export async function readSecurityIncident(
  deps: Pick<PlatformDeps, 'db'>,
  admin: MemberPrincipal,
  id: string,
): Promise<{
  readonly incident: SecurityIncident
  readonly orgs: readonly string[]
  readonly timeline: readonly IncidentStepTaken[]
}> {
  return within(deps, inInstance(admin), async (tx) => {
    const incident = await findIncident(tx, id)
    if (incident === undefined) throw problems.NOT_FOUND()
    const filter = { resourceTypes: ['security_incident'], resourceId: id }
    const entries = await listEntries(tx, filter, { limit: timelineMax })
    const timeline = entries
      .map(toChainEntry)
      .toReversed()
      .map(({ ts, event_type: action, actor_id: actor, seq }) => ({
        atMs: Date.parse(ts),
        action,
        actor,
        seq,
      }))
    return { incident, orgs: await listAffectedOrgs(tx, id), timeline }
  })
}

export type NoticePreview = {
  readonly orgs: number
  readonly mails: Readonly<Record<Language, { readonly subject: string; readonly text: string }>>
}

/** The notice as the affected orgs would get it, without sending it. */
export async function previewNotice(
  deps: Pick<PlatformDeps, 'db' | 'publicUrl'>,
  admin: MemberPrincipal,
  id: string,
  message: Said<string>,
): Promise<NoticePreview> {
  const incident = await within(deps, inInstance(admin), (tx) => findIncident(tx, id))
  if (incident === undefined) throw problems.NOT_FOUND()
  const verdict = judgeIncidentStep(incident, 'notify')
  if (!verdict.allowed) throw problems.STEP_OUT_OF_ORDER({ detail: verdict.because })
  const render = (language: Language) => {
    const { subject, text } = renderMail(
      language,
      securityNoticeWords(language, {
        org: '…',
        title: incident.title,
        message: message[language] ?? message.en,
        url: `${deps.publicUrl()}/app`,
      }),
    )
    return { subject, text }
  }
  return { orgs: incident.affected - incident.told, mails: { en: render('en'), ja: render('ja') } }
}

function inInstance(admin: MemberPrincipal): MemberPrincipal {
  return { ...admin, orgId: instanceOrgId }
}
