/** Event names of this API's audit log (specification 10). */
export const publishedEvents = [
  'SCORE_RECORDED',
  'BATCH_RECORDED',
  'SCORE_COMMITTED',
  'OUTCOME_REPORTED',
  'EVIDENCE_REFUSED',
  'AUTHENTICATOR_ENROLLED',
  'AUTHENTICATOR_REMOVED',
  'DECISION_SCORED',
  'DECISION_REVIEWED',
  'DECISION_RESOLVED',
  'IMPORT_CHUNK',
  'REPORT_CREATED',
  'INTERACTION_EXCLUDED',
  'INTERACTION_CORRECTED',
  'CONTEST_OPENED',
  'CONTEST_DECIDED',
  'OPERATOR_EXPORTED',
  'OPERATOR_ERASED',
  'PROFILE_VIEWED',
  'SETTINGS_CHANGED',
  'POLICY_CHANGED',
  'NORM_ISSUED',
  'AGGREGATE_REBUILT',
  'SIGNING_KEY_ROTATED',
  'KEY_CREATED',
  'KEY_ROTATED',
  'KEY_REVOKED',
  'AUTH_SUCCESS',
  'AUTH_FAIL',
  'AUTH_FAIL_RATE_LIMITED_IP',
  'AUTH_FAIL_RATE_LIMITED_KEY',
  'ADMIN_ORG_SUSPEND',
  'ADMIN_ORG_REACTIVATE',
  'ADMIN_ORG_FORCE_ROTATE',
  'ADMIN_ORG_FORCE_REVOKE',
  'ADMIN_BILLING_SUSPEND',
  'ADMIN_BILLING_ROTATE',
  'custom.*',
] as const

/** Event names that this API writes besides the published ones. */
const furtherEvents = [
  'ADMIN_ORG_CREATE',
  'ALERT_ACKNOWLEDGED',
  'AUTH_FAIL_MASTER_KEY',
  'EXERCISE_ADDED',
  'EXERCISE_REMOVED',
  'IMPORT_CREATED',
  'IMPORT_FINISHED',
  'IMPORT_CANCELLED',
  'OPERATOR_CHANGED',
]

/** The form of the platform's action names. */
const actionPattern = /^[a-z][a-z_]*(\.[a-z][a-z_]*)+$/

export const customEventPattern = /^custom\.[a-z0-9_.]{1,56}$/

/** A chain action behind a published name, with the refusal reasons that distinguish names sharing one action. */
type Stored = { readonly action: string; readonly reasons?: ReasonFilter }

/** Which refusal reasons match: the listed ones, or all others. */
export type ReasonFilter = { readonly are: readonly string[] } | { readonly areNot: readonly string[] }

const beforeProof = ['over_limit_before_proof']
const afterProof = ['over_limit_after_proof']

/** Published names for actions that the platform writes. */
const stored: Readonly<Record<string, Stored>> = {
  KEY_CREATED: { action: 'key.create' },
  KEY_ROTATED: { action: 'key.rotate' },
  KEY_REVOKED: { action: 'key.revoke' },
  AUTH_SUCCESS: { action: 'auth.accepted' },
  AUTH_FAIL_RATE_LIMITED_IP: { action: 'auth.refused', reasons: { are: beforeProof } },
  AUTH_FAIL_RATE_LIMITED_KEY: { action: 'auth.refused', reasons: { are: afterProof } },
  AUTH_FAIL: { action: 'auth.refused', reasons: { areNot: [...beforeProof, ...afterProof] } },
  ADMIN_ORG_SUSPEND: { action: 'org.suspend' },
  ADMIN_ORG_REACTIVATE: { action: 'org.restore' },
}

/** Whether the log shows entries under this name, so that it can be filtered by. */
export function isAuditEvent(name: string): boolean {
  return isOwnEvent(name) || actionPattern.test(name)
}

function isOwnEvent(name: string): boolean {
  return (
    publishedEvents.some((one) => one === name) ||
    furtherEvents.includes(name) ||
    customEventPattern.test(name)
  )
}

/** The actions that a published name covers: exact ones, or a prefix that ends in a dot. */
export function toStoredEvents(name: string): {
  readonly actions: readonly string[]
  readonly reasons?: ReasonFilter
} {
  if (name === 'custom.*') return { actions: ['custom.'] }
  const own = Object.hasOwn(stored, name) ? stored[name] : undefined
  if (own === undefined) return { actions: [name] }
  const { action, reasons } = own
  return { actions: [...new Set([action, name])], ...(reasons === undefined ? {} : { reasons }) }
}

/** The published name of an entry; the chain's own action if there is none. */
export function toPublishedEvent(action: string, reason: string | undefined): string {
  if (isOwnEvent(action)) return action
  const named = Object.entries(stored).find(
    ([, { action: own, reasons }]) =>
      own === action && (reasons === undefined || fits(reasons, reason ?? '')),
  )
  return named?.[0] ?? action
}

function fits(reasons: ReasonFilter, reason: string): boolean {
  return 'are' in reasons ? reasons.are.includes(reason) : !reasons.areNot.includes(reason)
}

/** The route that writes an entry, if only one does; the chain itself does not record it. */
const routes: Readonly<Record<string, readonly [method: string, path: string, status: number]>> = {
  SCORE_RECORDED: ['POST', '/v1/score', 200],
  BATCH_RECORDED: ['POST', '/v1/score/batch', 200],
  SCORE_COMMITTED: ['POST', '/v1/score/{session_id}/commit', 200],
  OUTCOME_REPORTED: ['POST', '/v1/score/{session_id}/outcome', 200],
  DECISION_SCORED: ['POST', '/v1/decision/score', 200],
  DECISION_REVIEWED: ['POST', '/v1/decision/{id}/reviewer-action', 200],
  IMPORT_CHUNK: ['PUT', '/v1/imports/{id}/lines', 200],
  REPORT_CREATED: ['GET', '/v1/compliance/report', 200],
  PROFILE_VIEWED: ['GET', '/v1/operator/{operator_id}/profile', 200],
  SETTINGS_CHANGED: ['PUT', '/v1/organization/settings', 200],
  POLICY_CHANGED: ['PUT', '/v1/decision/policy', 200],
  EXERCISE_ADDED: ['POST', '/v1/maintenance/exercises', 201],
  EXERCISE_REMOVED: ['DELETE', '/v1/maintenance/exercises/{id}', 200],
  KEY_ROTATED: ['POST', '/v1/admin/key/rotate', 200],
  KEY_REVOKED: ['POST', '/v1/admin/key/revoke', 200],
}

export type EventRoute = { readonly method: string; readonly path: string; readonly status: number }

const offTheWire: EventRoute = { method: '-', path: '-', status: 0 }

/** The route over which a key's request caused this entry. */
export function toEventRoute(name: string, isByKey: boolean): EventRoute {
  if (!isByKey) return offTheWire
  const route = customEventPattern.test(name) ? (['POST', '/v1/audit/append', 201] as const) : routes[name]
  return route === undefined ? offTheWire : { method: route[0], path: route[1], status: route[2] }
}
