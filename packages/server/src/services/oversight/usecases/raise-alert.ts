import type { TelemetryTx } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { enqueue } from '@gatehouse/kernel/jobs'
import { type AlertText, type Language, writeAlert } from '../alert-words.ts'
import { type AlertData, alertEvents, eventOfAlert } from '../contract/alert-events.ts'
import { alertRaisedJob } from '../contract/jobs.ts'
import type { AlertKind, Severity } from '../domain/alerts.ts'
import type { Domain } from '../domain/interaction.ts'
import { type Alert, insertAlert, setAlertClosed } from '../store/alert-store.ts'
import { findSettings } from '../store/rule-store.ts'
import { tellWebhooks } from './tell-webhooks.ts'

/** A request to open an alert; at most one alert of a kind is open per subject. */
export type AlertRequest = {
  readonly [Kind in AlertKind]: {
    readonly kind: Kind
    readonly subject: string
    readonly severity: Severity
    readonly operatorId: string | null
    readonly domain: Domain | null
    /** The data of the alert's event, without operator and domain. */
    readonly data: AlertData<Kind>
  }
}[AlertKind]

/** Alerts about a moment: they close as soon as they open. */
const momentary: readonly AlertKind[] = ['band_change', 'compliance_changed']

/** The subject of an alert about one operator in one domain. */
export function subjectOf(operatorId: string, domain: Domain): string {
  return `${operatorId}/${domain}`
}

/**
 * Opens an alert and publishes it, in the caller's transaction. Does nothing if one of the kind is open for the
 * subject, or the organisation turned the kind off. Returns whether it opened.
 */
export async function raiseAlert(tx: TelemetryTx, request: AlertRequest, nowMs: number): Promise<boolean> {
  const { settings } = await findSettings(tx)
  const level = settings.alertLevels[request.kind]
  if (level === 'off') return false
  const alert = await insertAlert(tx, {
    ...request,
    severity: level ?? request.severity,
    id: newId(nowMs),
    openedAtMs: nowMs,
    closedAtMs: momentary.includes(request.kind) ? nowMs : null,
  })
  if (alert === undefined) return false
  const operatorId = settings.alertsNameOperators ? alert.operatorId : null
  const type = eventOfAlert[request.kind]
  // Safe: the data is that of its kind, and each event that has a member `operator_id` gets it here.
  const data = {
    ...('operator_id' in alertEvents[type].shape ? { operator_id: operatorId } : {}),
    ...request.data,
  } as never
  await tellWebhooks(tx, type, data, nowMs)
  await tellPeople(tx, alert, operatorId, false)
  return true
}

/** Closes the open alert of the kind and subject, if any, and publishes that. */
export async function closeAlert(
  tx: TelemetryTx,
  kind: AlertKind,
  subject: string,
  nowMs: number,
): Promise<void> {
  const alert = await setAlertClosed(tx, kind, subject, nowMs)
  if (alert === undefined) return
  const { settings } = await findSettings(tx)
  await tellPeople(tx, alert, settings.alertsNameOperators ? alert.operatorId : null, true)
}

/** Notifies people through the channels of another service, in the order of events. */
export async function tellPeople(
  tx: TelemetryTx,
  alert: Alert,
  operatorId: string | null,
  resolved: boolean,
): Promise<void> {
  const write = (language: Language): AlertText =>
    writeAlert(alert.kind, { operatorId, domain: alert.domain }, language)
  const [en, ja] = [write('en'), write('ja')]
  await enqueue(
    tx,
    alertRaisedJob,
    {
      orgId: tx.orgId,
      alertId: alert.id,
      kind: alert.kind,
      severity: alert.severity,
      title: { en: en.title, ja: ja.title },
      summary: { en: en.summary, ja: ja.summary },
      link: '/app/oversight/alerts',
      openedAt: new Date(alert.openedAtMs).toISOString(),
      dedupeKey: `oversight.alert/${alert.id}`,
      resolved,
    },
    { queue: `oversight.alerts/${tx.orgId}` },
  )
}
