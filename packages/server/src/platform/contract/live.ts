import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { policy } from '../policy.ts'

export const followChanges = defineEndpoint({
  method: 'GET',
  path: '/dashboard/events',
  id: 'followChanges',
  summary: 'Hear which parts of the organisation are different now',
  description:
    'Server-sent events for screens, which ask again for what they show: `changed` names topics and, where few are meant, ids; once a second at most. After `gap` anything may be different. `Last-Event-ID` goes on after an event; the stream ends with its session.',
  tag: 'account',
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, mediaType: 'text/event-stream', events: policy.streams },
  problems: [],
})

export const liveEndpoints = [followChanges]
