import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { type RequestContext, WithHeaders } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { SettingsBody, WireSettings } from '../contract/settings.ts'
import type { OversightDeps } from '../deps.ts'
import type { Settings } from '../domain/settings.ts'
import { problems } from '../problems.ts'
import { findSettings, insertSettings, type VersionedSettings } from '../store/rule-store.ts'
import { replyStart } from './reply-start.ts'

export async function getSettings(deps: OversightDeps, principal: Principal, context: RequestContext) {
  return toReply(deps, await within(deps, principal, findSettings), context)
}

/** Creates the next settings version; interactions counted under an earlier one are not recounted. */
export async function setSettings(
  deps: OversightDeps,
  principal: Principal,
  body: SettingsBody,
  context: RequestContext,
) {
  const expected = context.header('if-match')
  const changed = await mutate(deps, principal, async (tx) => {
    const before = await findSettings(tx)
    if (expected !== undefined && !isMatching(expected, before)) throw mismatch(before)
    const at = deps.clock.now()
    const after = { version: before.version + 1, settings: apply(before.settings, body), createdAtMs: at }
    if (!(await insertSettings(tx, after, at))) throw mismatch(after)
    const fields = Object.entries(body).flatMap(([name, value]) => (value === null ? [] : [name]))
    const entry = {
      action: 'SETTINGS_CHANGED',
      resourceType: 'oversight_settings',
      resourceId: String(after.version),
      detail: { fields, settings: toWire(after.settings) },
      at,
    }
    return { result: after, entry }
  })
  return toReply(deps, changed, context)
}

function mismatch({ version }: VersionedSettings): Error {
  return problems.VERSION_MISMATCH({
    detail: `If-Match: the settings in force are version ${version}; read them and change those`,
  })
}

/** True for `*`, or a list that contains the newest tag. */
function isMatching(header: string, { version }: VersionedSettings): boolean {
  const tags = header.split(',').map((tag) => tag.trim())
  return tags.includes('*') || tags.includes(toTag(version))
}

function toTag(version: number): string {
  return `"settings-${version}"`
}

function toReply(
  deps: OversightDeps,
  { version, settings, createdAtMs }: VersionedSettings,
  context: RequestContext,
) {
  const reply = {
    ...replyStart(deps, context),
    ...toWire(settings),
    version,
    created_at: createdAtMs === null ? null : new Date(createdAtMs).toISOString(),
  }
  return new WithHeaders(reply, { etag: toTag(version) })
}

function apply(before: Settings, body: SettingsBody): Settings {
  return {
    taskType: merge(before.taskType, body.task_type),
    stampMs: body.stamp_ms ?? before.stampMs,
    decay: merge(before.decay, body.decay),
    defaultRoleClass: body.default_role_class ?? before.defaultRoleClass,
    earlyEstimates: body.early_estimates ?? before.earlyEstimates,
    alertsNameOperators: body.alerts_name_operators ?? before.alertsNameOperators,
    alertLevels: merge(before.alertLevels, body.alert_levels),
    attestRpIds: body.attest_rp_ids === null ? before.attestRpIds : [...new Set(body.attest_rp_ids)],
    zeroTelemetry: body.zero_telemetry ?? before.zeroTelemetry,
  }
}

type By<Name extends string, T> = Readonly<Partial<Record<Name, T>>>

/** Merges by name; null removes the organisation's own value. */
function merge<Name extends string, T>(before: By<Name, T>, changes: By<Name, T | null> | null): By<Name, T> {
  const merged = { ...before, ...changes }
  // Safe: null values were filtered out.
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as By<Name, T>
}

function toWire(settings: Settings): WireSettings {
  return {
    task_type: { ...settings.taskType },
    stamp_ms: settings.stampMs,
    decay: { ...settings.decay },
    default_role_class: settings.defaultRoleClass,
    early_estimates: settings.earlyEstimates,
    alerts_name_operators: settings.alertsNameOperators,
    alert_levels: { ...settings.alertLevels },
    attest_rp_ids: [...settings.attestRpIds],
    zero_telemetry: settings.zeroTelemetry,
  }
}
