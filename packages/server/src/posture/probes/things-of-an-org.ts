import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Sink } from '../sink.ts'
import type { ProbeCall, ProbeOrg, Target } from '../target.ts'
import { asOwner, ask, keyOf, send, type ServiceName, show } from './ask.ts'

/** The credential of a call: a key of the service, or the owner's log-in. */
type Door = ServiceName | 'owner'

type Attempt = {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE'
  readonly path: (id: string) => string
  readonly body?: unknown
}

/** A kind of object that an org owns: how the probe creates one, and what another org tries with its id. */
export type Thing = {
  readonly what: string
  readonly door: Door
  readonly make: (target: Target, org: ProbeOrg, sink: Sink) => Promise<string>
  /** The first attempt reads: it must succeed for the org that owns the object. */
  readonly attempts: readonly [Attempt, ...Attempt[]]
}

export function showDoor(door: Door, org: ProbeOrg): ProbeCall {
  return door === 'owner' ? asOwner(org) : show(door, keyOf(org, door))
}

function nameAnew(): string {
  return `posture-${randomBytes(6).toString('hex')}`
}

/** Creates an object with a POST, and reads its id at the given path of members. */
function makeBy(door: Door, path: string, toBody: (sink: Sink) => unknown, ...names: readonly string[]) {
  return async (target: Target, org: ProbeOrg, sink: Sink): Promise<string> => {
    const call = { method: 'POST', ...showDoor(door, org), body: toBody(sink) } as const
    const found = names.reduce(
      (value, name) => z.record(z.string(), z.unknown()).parse(value)[name],
      await ask(target, z.unknown(), path, call),
    )
    return z.string().parse(found)
  }
}

const monitor: Thing = {
  what: 'a monitor',
  door: 'uptime',
  make: makeBy(
    'uptime',
    '/api/v1/monitors',
    () => ({ type: 'heartbeat', name: 'posture', config: {} }),
    'monitor',
    'id',
  ),
  attempts: [
    { method: 'GET', path: (id) => `/api/v1/monitors/${id}` },
    { method: 'PUT', path: (id) => `/api/v1/monitors/${id}`, body: { name: 'taken' } },
    { method: 'GET', path: (id) => `/api/v1/monitors/${id}/heartbeat-url` },
    { method: 'DELETE', path: (id) => `/api/v1/monitors/${id}` },
  ],
}

const incident: Thing = {
  what: 'an incident',
  door: 'uptime',
  make: makeBy('uptime', '/api/v1/incidents', () => ({ title: 'posture' }), 'incident', 'id'),
  attempts: [
    { method: 'GET', path: (id) => `/api/v1/incidents/${id}` },
    { method: 'PUT', path: (id) => `/api/v1/incidents/${id}/resolve`, body: {} },
  ],
}

const decision: Thing = {
  what: 'a recorded decision',
  door: 'oversight',
  make: async (target, org) => {
    const session = nameAnew()
    const body = {
      session_id: session,
      operator_id: nameAnew(),
      domain: 'general',
      interaction: {
        ai_recommendation_presented: true,
        ai_available: true,
        time_to_decision_ms: 4_200,
        decision: 'accepted',
        modification_extent: 0,
        scenario_type: 'standard',
        hover_events: 2,
        scroll_depth: 0.7,
        alternative_views_checked: 1,
      },
    }
    await send(target, '/v1/score', { ...showDoor('oversight', org), body })
    return session
  },
  attempts: [
    { method: 'GET', path: (id) => `/v1/score/${id}` },
    { method: 'GET', path: (id) => `/v1/score/${id}/replay` },
    { method: 'POST', path: (id) => `/v1/score/${id}/outcome`, body: { outcome_correct: true } },
  ],
}

const preset: Thing = {
  what: 'a preset',
  door: 'volatility',
  make: async (target, org) => {
    const name = nameAnew()
    const call = { method: 'PUT', ...showDoor('volatility', org), body: { high_enter: 3.25 } } as const
    await send(target, `/v1/presets/custom/${name}`, call)
    return name
  },
  attempts: [
    { method: 'GET', path: (id) => `/v1/presets/${id}` },
    { method: 'DELETE', path: (id) => `/v1/presets/custom/${id}` },
  ],
}

const subscription: Thing = {
  what: 'a subscription',
  door: 'volatility',
  make: makeBy('volatility', '/v1/webhooks', (sink) => ({ url: sink.open().url }), 'uid'),
  attempts: [
    { method: 'GET', path: (id) => `/v1/webhooks/${id}` },
    { method: 'PATCH', path: (id) => `/v1/webhooks/${id}`, body: { description: 'taken' } },
    { method: 'DELETE', path: (id) => `/v1/webhooks/${id}` },
  ],
}

const webhook: Thing = {
  what: 'a webhook',
  door: 'owner',
  make: makeBy(
    'owner',
    '/dashboard/webhooks',
    (sink) => ({ url: sink.open().url, events: ['key.revoked'] }),
    'webhook',
    'id',
  ),
  attempts: [
    { method: 'GET', path: (id) => `/dashboard/webhooks/${id}` },
    { method: 'PUT', path: (id) => `/dashboard/webhooks/${id}`, body: { description: 'taken' } },
    { method: 'POST', path: (id) => `/dashboard/webhooks/${id}/rotate-secret`, body: {} },
    { method: 'DELETE', path: (id) => `/dashboard/webhooks/${id}` },
  ],
}

export const everyThing: readonly Thing[] = [monitor, incident, decision, webhook]
export const ownMarketThings: readonly Thing[] = [preset, subscription]
