import type { Filled } from './fill-org.ts'

const dayMs = 86_400_000

export type ScreenCall = { readonly screen: string; readonly path: string }

/** What the screens of uptime, and those that all services share, read when they are opened, with the widest spans that they offer. */
export function listScreenCalls({ monitorId, serviceId, incidentId }: Filled): readonly ScreenCall[] {
  const to = new Date()
  const since = (days: number): string => {
    const from = new Date(to.getTime() - days * dayMs)
    return `from=${from.toISOString()}&to=${to.toISOString()}`
  }
  const calls: Readonly<Record<string, readonly string[]>> = {
    frame: ['me', 'teams', 'security/notices'],
    overview: [
      'incidents?limit=100',
      'posture',
      'api-keys',
      'monitors?limit=1',
      'notification-channels',
      'services',
    ],
    monitors: [
      'monitors?sort=worst&include=day&limit=200',
      'monitors?sort=name&include=day&limit=200',
      'monitors?sort=worst&include=day&limit=200&q=monitor%2000',
      'monitors?sort=worst&include=day&limit=200&tag=seventh',
      'monitors?sort=worst&include=day&limit=200&status=down',
    ],
    monitor: [
      `monitors/${monitorId}`,
      `monitors/${monitorId}/uptime?${since(90)}`,
      `incidents?monitorId=${monitorId}&limit=20`,
      `monitors/${monitorId}/checks?limit=50`,
      `monitors/${monitorId}/response-times?${since(1)}`,
      `monitors/${monitorId}/response-times?${since(90)}`,
      `monitors/${monitorId}/channels`,
    ],
    incidents: [
      'incidents',
      `incidents?from=${new Date(to.getTime() - 30 * dayMs).toISOString()}`,
      'monitors',
      'team/members',
    ],
    incident: [`incidents/${incidentId}`],
    maintenance: ['maintenance-windows'],
    'status page': [`services/${serviceId}/layout`],
    alerts: ['notification-deliveries?limit=50', 'webhooks', 'webhooks/deliveries?limit=50'],
    audit: ['audit-logs?limit=50'],
    usage: [`usage?from=${toDay(to.getTime() - 30 * dayMs)}&to=${toDay(to.getTime())}`],
  }
  return Object.entries(calls).flatMap(([screen, paths]) =>
    paths.map((path) => ({ screen, path: `/dashboard/${path}` })),
  )
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
