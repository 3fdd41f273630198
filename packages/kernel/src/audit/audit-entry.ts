import type { Principal } from '../principal/index.ts'

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/** A decision by a person, a key or a policy, which becomes one audit entry (A1). It must never hold a secret. */
export type Decision = {
  /** `monitor.pause`; the part before the dot is the resource type unless one is given. */
  readonly action: string
  readonly resourceType?: string
  readonly resourceId?: string
  readonly outcome?: 'done' | 'refused'
  /** The real reason of a refusal, which the response does not disclose. */
  readonly reason?: string
  readonly detail?: { readonly [key: string]: JsonValue }
  /**
   * The exact payload, for entries whose content a published format defines; it then has to contain actor and origin
   * itself. Its `event_type` must equal `action`: verification compares the two.
   */
  readonly payload?: { readonly [key: string]: JsonValue }
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** The stored form of a decision: these bytes are hashed, and members without a value are left out. */
export type AuditPayload = {
  readonly kind: 'decision'
  readonly event_type: string
  readonly actor_kind: Principal['kind'] | 'stranger'
  readonly actor_id: string
  readonly resource_type: string
  readonly outcome: 'done' | 'refused'
  readonly resource_id?: string
  readonly ip?: string
  readonly reason?: string
  readonly detail?: { readonly [key: string]: JsonValue }
}

export function toPayload(principal: Principal, decision: Decision): AuditPayload {
  const { action, resourceType, resourceId, outcome = 'done', reason, detail } = decision
  return {
    kind: 'decision',
    event_type: action,
    ...toActor(principal),
    resource_type: resourceType ?? action.slice(0, Math.max(action.indexOf('.'), 0)),
    outcome,
    ...(resourceId === undefined ? {} : { resource_id: resourceId }),
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
  }
}

/** The actor and the address of a principal, as members of a payload. */
export function toActor(principal: Principal): Pick<AuditPayload, 'actor_kind' | 'actor_id' | 'ip'> {
  return {
    actor_kind: principal.kind,
    actor_id: actorId(principal),
    ...(principal.kind === 'system' ? {} : { ip: principal.ip }),
  }
}

function actorId(principal: Principal): string {
  switch (principal.kind) {
    case 'key':
      return principal.keyPrefix
    case 'master':
      return principal.secret
    case 'member':
      return principal.userId
    case 'link':
      return principal.linkId
    case 'system':
      return `system:${principal.because}`
  }
}
