import type { Channel, ChannelChange, NewChannel, WrittenChannel } from './channel.ts'
import type { Incident, IncidentFilter, IncidentPage, NewIncident } from './incident.ts'
import type {
  CheckPage,
  CheckResult,
  Monitor,
  MonitorChange,
  MonitorFilter,
  MonitorPage,
  NewMonitor,
  Uptime,
} from './monitor.ts'
import type { NewService, Service, ServiceChange } from './service.ts'
import type { CallOptions, Transport } from './transport.ts'

type OneMonitor = { readonly monitor: Monitor }
type OneIncident = { readonly incident: Incident }
type OneService = { readonly service: Service }
type Done = { readonly ok: true }
export type UptimeApi = ReturnType<typeof uptimeApi>

/** `root` is `/api/v1` for keys and `/dashboard` for people who are signed in; both offer the same calls. */
export function uptimeApi(send: Transport, root: string) {
  const path = (...parts: readonly string[]): string => [root, ...parts.map(encodeURIComponent)].join('/')
  return {
    monitors: monitorCalls(send, path),
    incidents: incidentCalls(send, path),
    services: serviceCalls(send, path),
    channels: channelCalls(send, path),
  }
}

type Path = (...parts: readonly string[]) => string

function monitorCalls(send: Transport, path: Path) {
  const update = async (id: string, body: MonitorChange, options?: CallOptions): Promise<Monitor> =>
    (await send<OneMonitor>('PUT', path('monitors', id), { ...options, body })).monitor
  return {
    list: (filter: MonitorFilter = {}, options?: CallOptions) =>
      send<MonitorPage>('GET', path('monitors'), { ...options, query: filter }),
    get: async (id: string, options?: CallOptions) =>
      (await send<OneMonitor>('GET', path('monitors', id), options)).monitor,
    create: async (body: NewMonitor, options?: CallOptions) =>
      (await send<OneMonitor>('POST', path('monitors'), { ...options, body })).monitor,
    update,
    delete: (id: string, options?: CallOptions) => send<Done>('DELETE', path('monitors', id), options),
    pause: (id: string, options?: CallOptions) => update(id, { isActive: false }, options),
    resume: (id: string, options?: CallOptions) => update(id, { isActive: true }, options),
    /** Checks now, and waits for the result. */
    check: (id: string, options?: CallOptions) =>
      send<CheckResult>('POST', path('monitors', id, 'check'), { ...options, body: {} }),
    checks: (
      id: string,
      page: { readonly limit?: number; readonly cursor?: string } = {},
      options?: CallOptions,
    ) => send<CheckPage>('GET', path('monitors', id, 'checks'), { ...options, query: page }),
    /** The last 30 days, unless `from` and `to` (ISO 8601) say otherwise. */
    uptime: (
      id: string,
      span: { readonly from?: string; readonly to?: string } = {},
      options?: CallOptions,
    ) => send<Uptime>('GET', path('monitors', id, 'uptime'), { ...options, query: span }),
    heartbeatUrl: async (id: string, options?: CallOptions) =>
      (await send<{ readonly url: string }>('GET', path('monitors', id, 'heartbeat-url'), options)).url,
  }
}

function incidentCalls(send: Transport, path: Path) {
  const one = async (method: 'GET' | 'PUT', target: string, options?: CallOptions): Promise<Incident> =>
    (await send<OneIncident>(method, target, method === 'GET' ? options : { ...options, body: {} })).incident
  return {
    list: (filter: IncidentFilter = {}, options?: CallOptions) =>
      send<IncidentPage>('GET', path('incidents'), { ...options, query: filter }),
    get: (id: string, options?: CallOptions) => one('GET', path('incidents', id), options),
    create: async (body: NewIncident, options?: CallOptions) =>
      (await send<OneIncident>('POST', path('incidents'), { ...options, body })).incident,
    acknowledge: (id: string, options?: CallOptions) =>
      one('PUT', path('incidents', id, 'acknowledge'), options),
    resolve: (id: string, options?: CallOptions) => one('PUT', path('incidents', id, 'resolve'), options),
    /** Only those that a person opened. */
    delete: (id: string, options?: CallOptions) => send<undefined>('DELETE', path('incidents', id), options),
  }
}

function serviceCalls(send: Transport, path: Path) {
  return {
    list: async (options?: CallOptions) =>
      (await send<{ readonly services: readonly Service[] }>('GET', path('services'), options)).services,
    create: async (body: NewService, options?: CallOptions) =>
      (await send<OneService>('POST', path('services'), { ...options, body })).service,
    update: async (id: string, body: ServiceChange, options?: CallOptions) =>
      (await send<OneService>('PUT', path('services', id), { ...options, body })).service,
    delete: (id: string, options?: CallOptions) => send<Done>('DELETE', path('services', id), options),
  }
}

function channelCalls(send: Transport, path: Path) {
  const root = 'notification-channels'
  return {
    list: async (options?: CallOptions) =>
      (await send<{ readonly channels: readonly Channel[] }>('GET', path(root), options)).channels,
    create: (body: NewChannel, options?: CallOptions) =>
      send<WrittenChannel>('POST', path(root), { ...options, body }),
    update: (id: string, body: ChannelChange, options?: CallOptions) =>
      send<WrittenChannel>('PUT', path(root, id), { ...options, body }),
    delete: (id: string, options?: CallOptions) => send<Done>('DELETE', path(root, id), options),
    /** Sends a test, and waits for the answer. */
    test: (id: string, options?: CallOptions) =>
      send<{ readonly success: true }>('POST', path(root, id, 'test'), { ...options, body: {} }),
  }
}
