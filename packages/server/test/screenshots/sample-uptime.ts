import type { ComposedServer } from '../fixtures/compose-server.ts'
import { eventually } from '../fixtures/eventually.ts'
import { createKey, proveAnew, type SignedIn } from '../fixtures/people.ts'
import { lookPastRowSecurity } from '../fixtures/org-canaries.ts'
import type { Kinds } from './sample-kinds.ts'

const dayMs = 86_400_000
const names = ['Shop', 'Checkout', 'API', 'Search', 'Accounts', 'Images', 'Mail relay', 'Partner feed']

type Made = { readonly id: string }

/** Monitors with a history, incidents, destinations and webhooks of one organisation; its ids by screen. */
export async function furnishUptime(
  server: ComposedServer,
  owner: SignedIn,
  targetPort: number,
  kinds: Kinds,
): Promise<Readonly<Record<string, string>>> {
  const { ask } = server.client
  const credential = await createKey(server.client, owner)
  const monitors: string[] = []
  for (const [index, name] of names.slice(0, kinds.count).entries()) {
    const url = `http://127.0.0.1:${targetPort}/${index === 3 ? 'broken' : 'fine'}${kinds.tail}`
    const { monitor } = await ask<{ monitor: Made }>('/api/v1/monitors', {
      credential,
      body: { type: 'http', name: kinds.toName(name), config: { url }, downThreshold: 1 },
    })
    monitors.push(monitor.id)
  }
  const [broken] = monitors.slice(3)
  if (broken !== undefined) await breakDown(server, credential, broken)
  await drawHistory(server, owner.user.teamId, monitors)
  const { incident } = await ask<{ incident: Made }>('/api/v1/incidents', {
    credential,
    body: { title: kinds.toName('Orders are delayed'), cause: 'The queue of the warehouse is full.' },
  })
  await ask(`/api/v1/incidents/${incident.id}/updates`, {
    credential,
    body: { phase: 'identified', body: 'The warehouse drains its queue; orders of the last hour come late.' },
  })
  const channels = [
    { type: 'webhook', name: kinds.toName('Pager'), config: toHook(targetPort, kinds) },
    {
      type: 'slack',
      name: kinds.toName('Team channel'),
      config: { webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' },
      delaySeconds: 300,
      activeHours: { days: [1, 2, 3, 4, 5], from: '09:00', until: '18:00', timeZone: 'Asia/Tokyo' },
    },
    { type: 'webhook', name: kinds.toName('Archive'), config: toHook(targetPort, kinds), isActive: false },
  ]
  for (const body of channels.slice(0, kinds.count))
    await ask('/api/v1/notification-channels', { credential, body })
  const { webhook } = await ask<{ webhook: Made }>('/dashboard/webhooks', {
    credential: owner.accessToken,
    headers: await proveAnew(server.client, owner),
    body: {
      url: `http://127.0.0.1:${targetPort}/events${kinds.tail}`,
      events: ['key.created', 'key.revoked', 'member.changed'],
      description: kinds.toName('Audit feed'),
    },
  })
  await ask(`/dashboard/webhooks/${webhook.id}/test`, { method: 'POST', credential: owner.accessToken })
  const startsAt = new Date(Date.now() + dayMs).toISOString()
  const windows = [
    { title: kinds.toName('Newer disks'), endsAt: new Date(Date.now() + dayMs + 7_200_000).toISOString() },
    {
      title: kinds.toName('Weekly restart'),
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      durationMinutes: 30,
      timeZone: 'Asia/Tokyo',
    },
  ]
  for (const body of windows.slice(0, kinds.count))
    await ask('/api/v1/maintenance-windows', { credential, body: { ...body, scope: 'all', startsAt } })
  // A second one, now that somebody is told.
  await ask('/api/v1/incidents', { credential, body: { title: kinds.toName('Invoices are missing') } })
  const { services } = await ask<{ services: readonly Made[] }>('/api/v1/services', { credential })
  await subscribe(server, owner.user.teamId, services[0]?.id ?? '', kinds)
  return {
    '/uptime/status-pages/:id': `/uptime/status-pages/${services[0]?.id}`,
    '/uptime/monitors/:id': `/uptime/monitors/${monitors[0]}`,
    '/uptime/incidents/:id': `/uptime/incidents/${incident.id}`,
    '/alerts/webhooks/:id': `/alerts/webhooks/${webhook.id}`,
  }
}

/** Who follows the page: people, a program, and somebody who was asked and has not answered. */
async function subscribe(
  { db }: ComposedServer,
  orgId: string,
  serviceId: string,
  kinds: Kinds,
): Promise<void> {
  const readers = [
    ['email', `${kinds.toName('reader').toLowerCase().replaceAll(/\W+/g, '-')}@example.com`, 'en', true],
    ['webhook', 'hooks.example.com', 'en', true],
    ['email', 'yomiuri@example.jp', 'ja', true],
    ['email', 'somebody@example.org', 'en', false],
  ] as const
  for (const [index, [kind, address, language, isConfirmed]] of readers.slice(0, kinds.count).entries())
    await db.pool.query(
      `INSERT INTO uptime.subscriber (org_id, id, service_id, kind, address, sealed_config, token_digest, language,
                                      confirmed_at, expires_at, created_at)
       VALUES ($1, $2, $3, $4, $5, 'x', $2, $6, $7, $8, now())`,
      [
        orgId,
        `${serviceId}-${index}`,
        serviceId,
        kind,
        address,
        language,
        isConfirmed ? new Date(Date.now() - index * dayMs) : null,
        isConfirmed ? null : new Date(Date.now() + dayMs),
      ],
    )
}

async function breakDown({ client }: ComposedServer, credential: string, id: string): Promise<void> {
  const read = async (): Promise<string> =>
    (await client.ask<{ monitor: { status: string } }>(`/api/v1/monitors/${id}`, { credential })).monitor
      .status
  await eventually('it was up', async () => ((await read()) === 'up' ? true : undefined))
  await client.ask(`/api/v1/monitors/${id}/check`, { credential, body: {} })
  await eventually('it is down', async () => ((await read()) === 'down' ? true : undefined))
}

function toHook(port: number, { tail }: Kinds) {
  return { url: `http://127.0.0.1:${port}/hook${tail}`, secret: 'a secret that is long enough' }
}

/** What the monitors would have seen in 90 days: an hour of trouble now and then, and checks of the last day. */
async function drawHistory(
  { db }: ComposedServer,
  orgId: string,
  monitors: readonly string[],
): Promise<void> {
  await lookPastRowSecurity(db)
  const nowMs = Date.now()
  for (const [index, id] of monitors.entries()) {
    const { rows } = await db.pool.query<{ from_ms: string | null }>(
      'SELECT min(from_ms) AS from_ms FROM uptime.state_interval WHERE org_id = $1 AND monitor_id = $2',
      [orgId, id],
    )
    const untilMs = Number(rows[0]?.from_ms ?? nowMs)
    const troubles = [83, 61, 37, 12].map((day) => nowMs - (day - index) * dayMs)
    let fromMs = nowMs - 90 * dayMs
    for (const [at, troubleMs] of troubles.entries()) {
      const state = (at + index) % 3 === 0 ? 'degraded' : 'down'
      const endMs = troubleMs + ((at + index) % 4) * 1_300_000 + 300_000
      await interval(fromMs, troubleMs, 'up')
      await interval(troubleMs, endMs, state)
      fromMs = endMs
    }
    await interval(fromMs, untilMs, 'up')
    await db.pool.query('UPDATE uptime.monitor SET created_at = $3 WHERE org_id = $1 AND id = $2', [
      orgId,
      id,
      new Date(nowMs - 90 * dayMs),
    ])
    // Of today: there is a partition for it, whenever this runs.
    await db.pool.query(
      `INSERT INTO uptime.check_result (org_id, monitor_id, location_id, started_at, slot_at, origin, outcome,
                                        status_code, dns_ms, connect_ms, tls_ms, ttfb_ms, total_ms)
       SELECT $1, $2, 'local', at, at, 'scheduled', 'up', 200, 3, 9, 14,
              60 + (25 * sin(n / 9.0 + $4))::integer + (n % 7), 90 + (30 * sin(n / 9.0 + $4))::integer + (n % 11)
         FROM generate_series(1, 140) AS n, LATERAL (SELECT $3::timestamptz - n * interval '5 minutes' AS at) AS slot
        WHERE at >= date_trunc('day', now(), 'UTC')
       ON CONFLICT DO NOTHING`,
      [orgId, id, new Date(nowMs - 120_000), index],
    )

    async function interval(from: number, to: number, state: string): Promise<void> {
      if (to <= from) return
      await db.pool.query(
        'INSERT INTO uptime.state_interval (org_id, monitor_id, from_ms, to_ms, state) VALUES ($1, $2, $3, $4, $5)',
        [orgId, id, from, to, state],
      )
    }
  }
}
