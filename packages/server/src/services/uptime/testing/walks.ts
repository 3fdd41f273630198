import {
  agedId,
  agedOrg,
  dayMs,
  toAgedAttempt,
  toAgedDelivery,
  untilExpiry,
} from '../../../service/testing/aged-row.ts'
import { type Canary, type CanaryRow, toSecret } from '../../../service/testing/canary.ts'
import { toCanaryRow } from '../../../service/testing/to-canary-row.ts'
import type { ServiceWalks } from '../../../service/testing/walks.ts'
import { tinyImages } from '../domain/fixtures/tiny-images.ts'
import { channelColumns } from '../store/channel-columns.ts'
import { domainColumns } from '../store/domain-columns.ts'
import { incidentColumns, incidentUpdateColumns } from '../store/incident-columns.ts'
import { componentColumns, sectionColumns } from '../store/layout-columns.ts'
import { logoColumns } from '../store/logo-columns.ts'
import { monitorColumns } from '../store/monitor-columns.ts'
import { serviceColumns } from '../store/service-columns.ts'
import { seriesColumns } from '../store/series-columns.ts'
import { subscriberColumns } from '../store/subscriber-columns.ts'
import { windowColumns } from '../store/window-columns.ts'

const unknownUlid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const at = '2026-06-01T12:00:00.000Z'
const later = '2030-01-01T00:00:00.000Z'

const soon = new Date(Date.now() + 3_600_000).toISOString()
const underMaintenance = { maintenanceUntil: soon }

export const walks = {
  toCanaryRows,
  furnish: async (make, canary) => {
    const { monitor } = await make('/api/v1/monitors', { type: 'heartbeat', name: canary, config: {} })
    const { service } = await make('/api/v1/services', { name: canary, slug: 'acme' })
    const { incident } = await make('/api/v1/incidents', { title: canary })
    const { channel } = await make('/api/v1/notification-channels', {
      type: 'webhook',
      name: canary,
      config: { url: 'https://93.184.216.34/', secret: `the secret of ${canary}` },
    })
    const { window } = await make('/api/v1/maintenance-windows', {
      title: canary,
      scope: 'all',
      startsAt: soon,
      endsAt: new Date(Date.now() + 7_200_000).toISOString(),
    })
    const ids = [monitor, service, service, incident, channel, window].map((made) => made?.id ?? '')
    const segments = [
      'monitors',
      'services',
      'status-pages',
      'incidents',
      'notification-channels',
      'maintenance-windows',
    ]
    return {
      ...Object.fromEntries(segments.map((segment, index) => [segment, ids[index] ?? ''])),
      deliveries: unknownUlid,
      subscribers: unknownUlid,
    }
  },
  bodies: {
    updateMonitor: { name: 'x' },
    setMonitorChannels: { channels: [] },
    startMonitorMaintenance: underMaintenance,
    startServiceMaintenance: underMaintenance,
    startServiceMonitorMaintenance: underMaintenance,
    updateService: { name: 'x' },
    previewService: { name: 'x' },
    setServiceLayout: { sections: [], components: [] },
    setServiceLogo: { content: tinyImages.png },
    setCustomDomain: { domain: 'status.example.com' },
    createMaintenanceWindow: {
      scope: 'all',
      startsAt: soon,
      endsAt: new Date(Date.now() + 7_200_000).toISOString(),
    },
    updateMaintenanceWindow: { title: 'x' },
    assignIncident: { assigneeId: null },
    updateIncident: { cause: 'x' },
    addIncidentUpdate: { phase: 'identified', body: 'x' },
    setIncidentVisibility: { visibility: 'hidden' },
    updateChannel: { name: 'x' },
  },
  agedRows: {
    'results of checks': {
      keptMs: 90 * dayMs,
      insert: `
        INSERT INTO uptime.check_result (org_id, monitor_id, location_id, started_at, slot_at, origin, outcome)
        VALUES (${agedOrg}, 'x', 'local', $1, $1, 'scheduled', 'up')`,
    },
    'response times by day': {
      keptMs: 90 * dayMs,
      insert: `
        WITH page AS (
          INSERT INTO uptime.service (org_id, id, name, slug, created_at, updated_at)
          VALUES (${agedOrg}, ${agedId}, 'x', ${agedId}, now(), now()) RETURNING org_id, id),
        watched AS (
          INSERT INTO uptime.monitor (org_id, id, service_id, type, name, config, interval_seconds, created_at, updated_at)
          SELECT org_id, id, id, 'http', 'x', '{}', 60, now(), now() FROM page RETURNING org_id, id)
        INSERT INTO uptime.response_day (org_id, monitor_id, day, buckets) SELECT org_id, id, $1, '{}' FROM watched`,
    },
    'pings of heartbeats': {
      keptMs: 90 * dayMs,
      insert: `INSERT INTO uptime.heartbeat_ping (org_id, monitor_id, at, kind) VALUES (${agedOrg}, 'x', $1, 'success')`,
    },
    'bodies of pings': {
      keptMs: 30 * dayMs,
      insert: `
        INSERT INTO uptime.heartbeat_ping (org_id, monitor_id, at, kind, body)
        VALUES (${agedOrg}, 'x', $1, 'fail', 'x')`,
      holds: 'body IS NOT NULL',
    },
    'notice attempts': toAgedAttempt('uptime', 180),
    'finished notice deliveries': toAgedDelivery('uptime', 180),
    'subscriber mail attempts': toAgedAttempt('subscribers', 180),
    'finished subscriber mail deliveries': toAgedDelivery('subscribers', 180),
    'subscriber webhook attempts': toAgedAttempt('subscriber-webhooks', 180),
    'finished subscriber webhook deliveries': toAgedDelivery('subscriber-webhooks', 180),
    'mails that asked for notices': {
      keptMs: untilExpiry,
      insert: `
        INSERT INTO uptime.channel_verification (org_id, id, email, expires_at, created_at)
        VALUES (${agedOrg}, ${agedId}, 'x', $1, now())`,
    },
    'subscriptions that nobody confirmed': {
      keptMs: untilExpiry,
      insert: `
        WITH page AS (
          INSERT INTO uptime.service (org_id, id, name, slug, created_at, updated_at)
          VALUES (${agedOrg}, ${agedId}, 'x', ${agedId}, now(), now()) RETURNING org_id, id)
        INSERT INTO uptime.subscriber (org_id, id, service_id, kind, address, sealed_config, token_digest, language,
                                       expires_at, created_at)
        SELECT org_id, id, id, 'email', 'x', 'x', id, 'en', $1, now() FROM page`,
    },
    'links to pages of members': {
      keptMs: untilExpiry,
      insert: `
        WITH page AS (
          INSERT INTO uptime.service (org_id, id, name, slug, created_at, updated_at)
          VALUES (${agedOrg}, ${agedId}, 'x', ${agedId}, now(), now()) RETURNING org_id, id)
        INSERT INTO uptime.page_link (org_id, token_digest, service_id, expires_at)
        SELECT org_id, id, id, $1 FROM page`,
    },
    'nodes that are silent': {
      keptMs: dayMs,
      insert: `INSERT INTO uptime.node (id, started_at, last_seen_at) VALUES (${agedId}, now(), $1)`,
    },
  },
} satisfies ServiceWalks

function toCanaryRows(canary: Canary): readonly CanaryRow[] {
  const { orgId: org_id, word } = canary
  const secret = toSecret(canary)
  const monitor = { org_id, monitor_id: word }
  return [
    [
      'uptime.service',
      toCanaryRow(serviceColumns, canary, {
        access: 'members',
        time_zone: 'UTC',
        language: 'auto',
        is_public: false,
        password_hash: secret,
        feed_key_digest: secret,
        version: 1,
      }),
    ],
    [
      'uptime.monitor',
      toCanaryRow(monitorColumns, canary, {
        type: 'http',
        config: { url: word },
        sealed_config: null,
        interval_seconds: 60,
      }),
    ],
    ['uptime.section', toCanaryRow(sectionColumns, canary, {})],
    ['uptime.page_link', { org_id, token_digest: secret, service_id: word, expires_at: later }],
    [
      'uptime.subscriber',
      toCanaryRow(subscriberColumns, canary, {
        kind: 'email',
        address: `${word}@example.net`,
        token_digest: secret,
        language: 'en',
        confirmed_at: at,
      }),
    ],
    ['uptime.page_logo', toCanaryRow(logoColumns, canary, { media_type: 'image/png' })],
    ['uptime.page_domain', toCanaryRow(domainColumns, canary, { status: 'pending_validation' })],
    [
      'uptime.component',
      toCanaryRow(componentColumns, canary, { id: `${word}-by-hand`, monitor_id: null, state: 'up' }),
    ],
    ['uptime.monitor_state', { ...monitor, status: 'up', state: { word }, judged_through: at }],
    [
      'uptime.schedule',
      {
        ...monitor,
        location_id: 'local',
        next_due_at: later,
        slot_at: at,
        confirming: false,
        origin: 'scheduled',
        interval_seconds: 60,
        timeout_ms: 1_000,
        missed_slots: 0,
      },
    ],
    [
      'uptime.check_result',
      {
        ...monitor,
        location_id: 'local',
        started_at: at,
        slot_at: at,
        origin: 'scheduled',
        outcome: 'up',
        in_maintenance: false,
      },
    ],
    [
      'uptime.incident',
      toCanaryRow(incidentColumns, canary, {
        type: 'manual',
        status: 'resolved',
        severity: 'critical',
        cause_reason: { code: word, values: { word } },
        public_phase: null,
        impact: 'none',
        visibility: 'hidden',
      }),
    ],
    [
      'uptime.incident_update',
      toCanaryRow(incidentUpdateColumns, canary, { incident_id: word, phase: 'resolved' }),
    ],
    ['uptime.response_day', { ...monitor, day: at, buckets: { word } }],
    ['uptime.state_interval', { ...monitor, from_ms: 1, to_ms: 2, state: 'up', blip_ms: 0 }],
    [
      'uptime.maintenance_window',
      toCanaryRow(windowColumns, canary, { scope: 'all', service_id: null, ends_at: later }),
    ],
    [
      'uptime.maintenance_series',
      toCanaryRow(seriesColumns, canary, { scope: 'all', service_id: null, cron: null }),
    ],
    ['uptime.heartbeat', { ...monitor, token_digest: secret, sealed_token: secret }],
    ['uptime.heartbeat_ping', { ...monitor, at, kind: 'success', body: word }],
    [
      'uptime.channel',
      toCanaryRow(channelColumns, canary, { type: 'email', language: 'en', last_test_at: null }),
    ],
    [
      'uptime.channel_verification',
      {
        org_id,
        id: word,
        channel_id: word,
        email: `${word}@example.net`,
        token_digest: secret,
        expires_at: later,
        created_at: at,
      },
    ],
    ['uptime.channel_binding', { ...monitor, channel_id: word }],
  ]
}
