import { retainDeliveries, type RetentionRow } from '@gatehouse/kernel/retention'
import { uptimePolicy } from './policy.ts'
import { channelQueueName } from './store/channel-queue-name.ts'
import { subscriberQueueNames } from './store/subscriber-queue-name.ts'
import { clearPingBodies, findOldestPingBody } from './store/ping-body-store.ts'

const { raw, deliveries, pingBodies } = uptimePolicy.retentionDays

/** How long the rows of this service's tables are kept. */
export const uptimeRetention: readonly RetentionRow[] = [
  {
    what: 'results of checks',
    table: 'uptime.check_result',
    time: 'started_at',
    kept: { days: raw },
    as: 'writer',
    how: { by: 'partition' },
    source: 'kernel.md §11',
  },
  {
    what: 'pings of heartbeats',
    table: 'uptime.heartbeat_ping',
    time: 'at',
    kept: { days: raw },
    as: 'writer',
    how: { by: 'partition' },
    source: 'kernel.md §11: raw results',
  },
  {
    what: 'response times by day',
    table: 'uptime.response_day',
    time: 'day',
    kept: { days: raw },
    as: 'writer',
    how: { by: 'delete' },
    source: 'kernel.md §11: raw results, of which they are made',
  },
  {
    what: 'bodies of pings',
    table: 'uptime.heartbeat_ping',
    time: 'at',
    kept: { days: pingBodies },
    as: 'writer',
    how: { by: 'call', cut: clearPingBodies, findOldest: findOldestPingBody },
    source: 'uptime.md',
  },
  ...retainDeliveries({ queue: channelQueueName, named: 'notice', days: deliveries, source: 'uptime.md' }),
  ...retainDeliveries({
    queue: subscriberQueueNames.email,
    named: 'subscriber mail',
    days: deliveries,
    source: 'uptime.md',
  }),
  ...retainDeliveries({
    queue: subscriberQueueNames.webhook,
    named: 'subscriber webhook',
    days: deliveries,
    source: 'uptime.md',
  }),
  {
    what: 'mails that asked for notices',
    table: 'uptime.channel_verification',
    time: 'expires_at',
    kept: 'until expiry',
    as: 'writer',
    how: { by: 'delete' },
    source: 'kernel.md §11: as long as they count against a further mail',
  },
  {
    what: 'subscriptions that nobody confirmed',
    table: 'uptime.subscriber',
    time: 'expires_at',
    kept: 'until expiry',
    as: 'writer',
    how: { by: 'delete' },
    source: 'uptime.md',
  },
  {
    what: 'links to pages of members',
    table: 'uptime.page_link',
    time: 'expires_at',
    kept: 'until expiry',
    as: 'writer',
    how: { by: 'delete' },
    source: 'uptime.md',
  },
  {
    what: 'nodes that are silent',
    table: 'uptime.node',
    time: 'last_seen_at',
    kept: { days: uptimePolicy.retentionDays.silentNodes },
    as: 'writer',
    how: { by: 'delete' },
    source: 'uptime.md',
  },
  { table: 'uptime.outage', lasts: 'life of the instance' },
  ...[
    'service',
    'page_domain',
    'monitor',
    'monitor_state',
    'schedule',
    'state_interval',
    'incident',
    'incident_update',
    'maintenance_window',
    'maintenance_series',
    'heartbeat',
    'channel',
  ].map((table) => ({ table: `uptime.${table}`, lasts: 'life of the org' }) as const),
]
