import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { twoDoors } from '../../../service/two-doors.ts'
import { uptimePolicy } from '../policy.ts'

/** The events of the service's live stream. */
export const liveEvents = [
  'monitor.status',
  'incident.created',
  'incident.acknowledged',
  'incident.updated',
  'incident.resolved',
] as const

export const followMonitors = defineEndpoint({
  method: 'GET',
  path: '/api/v1/monitors/events',
  id: 'followMonitors',
  summary: 'Hear of monitors and incidents as it happens',
  description: `Server-sent events: ${liveEvents.map((name) => `\`${name}\``).join(', ')}. Each has an id; whoever comes back with it as \`Last-Event-ID\` within a day gets what happened since, once. \`gap\` says that some of it can no longer be told. The stream ends with its key.`,
  tag: 'monitors',
  access: { kind: 'key', scope: 'monitors:read' },
  reply: { status: 200, mediaType: 'text/event-stream', events: uptimePolicy.streams },
  problems: [],
})

export const eventEndpoints = twoDoors(followMonitors)
