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
  summary: 'Stream changes of monitors and incidents (server-sent events)',
  description: `The events are ${liveEvents.map((name) => `\`${name}\``).join(', ')}. Each event has an id; send it as \`Last-Event-ID\` within a day to receive the events since then, each once. The event \`gap\` means that some events are no longer available. The stream ends when the API key becomes invalid.`,
  tag: 'monitors',
  access: { kind: 'key', scope: 'monitors:read' },
  reply: { status: 200, mediaType: 'text/event-stream', events: uptimePolicy.streams },
  problems: [],
})

export const eventEndpoints = twoDoors(followMonitors)
