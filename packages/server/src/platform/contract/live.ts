import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { policy } from '../policy.ts'

export const followChanges = defineEndpoint({
  method: 'GET',
  path: '/dashboard/events',
  id: 'followChanges',
  summary: 'Stream which data of the organisation has changed (server-sent events)',
  description:
    'For user interfaces, which then reload what they show. The event `changed` contains topics and, if few records have changed, their ids; it is sent at most once a second. After `gap`, any data may have changed. Send the header `Last-Event-ID` to continue after an event. The stream ends with the session.',
  tag: 'account',
  access: { kind: 'session', role: 'viewer' },
  reply: { status: 200, mediaType: 'text/event-stream', events: policy.streams },
  problems: [],
})

export const liveEndpoints = [followChanges]
