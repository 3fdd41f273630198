import type {
  AuditFilter,
  AuditPage,
  BodyOf,
  ChannelChange,
  CheckFilter,
  CheckPage,
  CheckResult,
  DeliveryPage,
  Done,
  Incident,
  IncidentChange,
  IncidentFilter,
  IncidentInFull,
  IncidentPage,
  IncidentUpdate,
  Maintenance,
  MaintenanceWindow,
  MaintenanceWindowChange,
  Monitor,
  MonitorChange,
  MonitorFilter,
  MonitorPage,
  NewChannel,
  NewIncident,
  NewIncidentUpdate,
  NewMaintenanceWindow,
  NewMonitor,
  NewPageLayout,
  NewService,
  PageFeeds,
  PageLayout,
  QueryOf,
  ReplyOf,
  ResponseTimes,
  ResponseTimesSpan,
  Service,
  ServiceChange,
  Uptime,
  UptimeSpan,
  WrittenChannel,
} from './schemas.ts'
import { type EventOptions, followEvents, type UptimeEvent } from './live-events.ts'
import type { CallOptions, Transport } from './transport.ts'

type OneMonitor = ReplyOf<'getMonitor'>
type OneIncident = ReplyOf<'updateIncident'>
type OneWindow = ReplyOf<'updateMaintenanceWindow'>
type OneService = ReplyOf<'updateService'>
export type UptimeApi = ReturnType<typeof uptimeApi>

/** Uptime monitoring. `root` is `/api/v1` for API keys and `/dashboard` for members; both have the same operations. */
export function uptimeApi(send: Transport, root: string) {
  const path = (...parts: readonly string[]): string => [root, ...parts.map(encodeURIComponent)].join('/')
  return {
    monitors: monitorCalls(send, path),
    incidents: incidentCalls(send, path),
    services: serviceCalls(send, path),
    channels: channelCalls(send, path),
    maintenanceWindows: windowCalls(send, path),
    auditLogs: {
      list: (query: AuditFilter = {}, options?: CallOptions) =>
        send<AuditPage>('GET', path('audit-logs'), { ...options, query }),
    },
    /**
     * Reports a run of a job. `token` is the last part of its heartbeat's URL; `suffix` is `start`, `fail` or an exit
     * code.
     */
    ping: (
      token: string,
      { suffix, output }: { readonly suffix?: string; readonly output?: string } = {},
      options?: CallOptions,
    ) => {
      const parts = suffix === undefined ? ['ping', token] : ['ping', token, suffix]
      const text = output === undefined ? {} : { text: output }
      return send<Blob>('POST', `/${parts.map(encodeURIComponent).join('/')}`, {
        ...options,
        ...text,
        as: 'blob',
      })
    },
  }
}

type Path = (...parts: readonly string[]) => string

function monitorCalls(send: Transport, path: Path) {
  const update = async (id: string, body: MonitorChange, options?: CallOptions): Promise<Monitor> =>
    (await send<OneMonitor>('PUT', path('monitors', id), { ...options, body })).monitor
  return {
    list: (filter: MonitorFilter = {}, options?: CallOptions) =>
      send<MonitorPage>('GET', path('monitors'), { ...options, query: filter }),
    /** Yields status changes and incidents of all monitors as they happen. */
    events: (options?: EventOptions) => followEvents<UptimeEvent>(send, path('monitors', 'events'), options),
    get: async (id: string, options?: CallOptions) =>
      (await send<OneMonitor>('GET', path('monitors', id), options)).monitor,
    create: async (body: NewMonitor, options?: CallOptions) =>
      (await send<OneMonitor>('POST', path('monitors'), { ...options, body })).monitor,
    update,
    delete: (id: string, options?: CallOptions) => send<Done>('DELETE', path('monitors', id), options),
    /** Pauses, resumes or tags up to 100 monitors. If one id is unknown, none is changed. */
    changeSeveral: async (body: BodyOf<'changeMonitors'>, options?: CallOptions) =>
      (await send<ReplyOf<'changeMonitors'>>('PUT', path('monitors', 'bulk'), { ...options, body })).updated,
    deleteSeveral: async (monitorIds: readonly string[], options?: CallOptions) =>
      (
        await send<ReplyOf<'deleteMonitors'>>('DELETE', path('monitors', 'bulk'), {
          ...options,
          body: { monitorIds },
        })
      ).deleted,
    pause: (id: string, options?: CallOptions) => update(id, { isActive: false }, options),
    resume: (id: string, options?: CallOptions) => update(id, { isActive: true }, options),
    /** Runs a check now and waits for its result. */
    check: (id: string, options?: CallOptions) =>
      send<CheckResult>('POST', path('monitors', id, 'check'), { ...options, body: {} }),
    checks: (id: string, filter: CheckFilter = {}, options?: CallOptions) =>
      send<CheckPage>('GET', path('monitors', id, 'checks'), { ...options, query: filter }),
    /** Default span: the last 30 days. `from` and `to` are ISO 8601. */
    uptime: (id: string, span: UptimeSpan = {}, options?: CallOptions) =>
      send<Uptime>('GET', path('monitors', id, 'uptime'), { ...options, query: span }),
    /**
     * Response times per phase, with mean and 95th percentile. Default span: the last 24 hours; at most 90 days.
     * `from` and `to` are ISO 8601.
     */
    responseTimes: (id: string, span: ResponseTimesSpan = {}, options?: CallOptions) =>
      send<ResponseTimes>('GET', path('monitors', id, 'response-times'), { ...options, query: span }),
    heartbeatUrl: async (id: string, options?: CallOptions) =>
      (await send<ReplyOf<'getHeartbeatUrl'>>('GET', path('monitors', id, 'heartbeat-url'), options)).url,
    /** The old URL stops working immediately. */
    rotateToken: async (id: string, options?: CallOptions) =>
      (await send<ReplyOf<'rotateToken'>>('POST', path('monitors', id, 'rotate-token'), options)).url,
    /** The notification channels of the monitor; an empty list means the organisation's default channels. */
    channels: async (id: string, options?: CallOptions) =>
      (await send<ReplyOf<'listMonitorChannels'>>('GET', path('monitors', id, 'channels'), options)).channels,
    /** An empty list means the organisation's default channels. */
    setChannels: async (
      id: string,
      channels: BodyOf<'setMonitorChannels'>['channels'],
      options?: CallOptions,
    ) =>
      (
        await send<ReplyOf<'setMonitorChannels'>>('PUT', path('monitors', id, 'channels'), {
          ...options,
          body: { channels },
        })
      ).channels,
    maintenance: {
      ...maintenanceCalls<OneMonitor, string>(send, (id) => path('monitors', id, 'maintenance')),
      /** Starts a maintenance on several monitors. If one id is unknown, none is started. */
      startSeveral: async (monitorIds: readonly string[], body: Maintenance, options?: CallOptions) =>
        (
          await send<ReplyOf<'startBulkMaintenance'>>('POST', path('monitors', 'bulk', 'maintenance'), {
            ...options,
            body: { ...body, monitorIds },
          })
        ).updated,
      endSeveral: async (monitorIds: readonly string[], options?: CallOptions) =>
        (
          await send<ReplyOf<'endBulkMaintenance'>>('DELETE', path('monitors', 'bulk', 'maintenance'), {
            ...options,
            body: { monitorIds },
          })
        ).updated,
      startAll: async (body: Maintenance, options?: CallOptions) =>
        (
          await send<ReplyOf<'startAllMaintenance'>>('POST', path('monitors', 'all', 'maintenance'), {
            ...options,
            body,
          })
        ).updated,
      endAll: async (options?: CallOptions) =>
        (await send<ReplyOf<'endAllMaintenance'>>('DELETE', path('monitors', 'all', 'maintenance'), options))
          .updated,
    },
  }
}

/** Maintenance windows: checks continue, and no notifications are sent for what they find. */
function maintenanceCalls<T, Place>(send: Transport, pathOf: (place: Place) => string) {
  return {
    start: (place: Place, body: Maintenance, options?: CallOptions) =>
      send<T>('POST', pathOf(place), { ...options, body }),
    end: (place: Place, options?: CallOptions) => send<T>('DELETE', pathOf(place), options),
  }
}

function incidentCalls(send: Transport, path: Path) {
  const write = async (target: string, body: object, options?: CallOptions): Promise<Incident> =>
    (await send<OneIncident>('PUT', target, { ...options, body })).incident
  return {
    list: (filter: IncidentFilter = {}, options?: CallOptions) =>
      send<IncidentPage>('GET', path('incidents'), { ...options, query: filter }),
    get: async (id: string, options?: CallOptions): Promise<IncidentInFull> =>
      (await send<ReplyOf<'getIncident'>>('GET', path('incidents', id), options)).incident,
    create: async (body: NewIncident, options?: CallOptions): Promise<Incident> =>
      (await send<OneIncident>('POST', path('incidents'), { ...options, body })).incident,
    update: (id: string, body: IncidentChange, options?: CallOptions) =>
      write(path('incidents', id), body, options),
    acknowledge: (id: string, options?: CallOptions) =>
      write(path('incidents', id, 'acknowledge'), {}, options),
    /** Assigns the incident to a member; `null` unassigns it. */
    assign: (id: string, assigneeId: string | null, options?: CallOptions) =>
      write(path('incidents', id, 'assignee'), { assigneeId }, options),
    resolve: (id: string, body: BodyOf<'resolveIncident'> = {}, options?: CallOptions) =>
      write(path('incidents', id, 'resolve'), body, options),
    setVisibility: (id: string, visibility: Incident['visibility'], options?: CallOptions) =>
      write(path('incidents', id, 'visibility'), { visibility }, options),
    /** Adds an update that readers of the status page see. */
    addUpdate: async (id: string, body: NewIncidentUpdate, options?: CallOptions): Promise<IncidentUpdate> =>
      (
        await send<ReplyOf<'addIncidentUpdate'>>('POST', path('incidents', id, 'updates'), {
          ...options,
          body,
        })
      ).update,
    /** Only incidents that a person opened can be deleted. */
    delete: (id: string, options?: CallOptions) => send<undefined>('DELETE', path('incidents', id), options),
  }
}

function serviceCalls(send: Transport, path: Path) {
  return {
    list: async (options?: CallOptions): Promise<readonly Service[]> =>
      (await send<ReplyOf<'listServices'>>('GET', path('services'), options)).services,
    create: async (body: NewService, options?: CallOptions) =>
      (await send<OneService>('POST', path('services'), { ...options, body })).service,
    update: async (id: string, body: ServiceChange, options?: CallOptions) =>
      (await send<OneService>('PUT', path('services', id), { ...options, body })).service,
    /** Sections and components, including hidden ones, in the order shown to readers. */
    layout: async (id: string, options?: CallOptions): Promise<PageLayout> =>
      (await send<ReplyOf<'getServiceLayout'>>('GET', path('services', id, 'layout'), options)).layout,
    /** Replaces the whole layout of the page. Monitors that it does not name stay on the page. */
    setLayout: async (id: string, body: NewPageLayout, options?: CallOptions): Promise<PageLayout> =>
      (await send<ReplyOf<'setServiceLayout'>>('PUT', path('services', id, 'layout'), { ...options, body }))
        .layout,
    /** A single-use link, valid for one minute, that lets one browser read a page for members only. */
    viewLink: async (id: string, options?: CallOptions) =>
      (await send<ReplyOf<'createViewLink'>>('POST', path('services', id, 'view-link'), options)).url,
    /** The addresses of the page's feeds; with a key, if the page has a password. */
    feeds: async (id: string, options?: CallOptions): Promise<PageFeeds> =>
      (await send<ReplyOf<'getServiceFeeds'>>('GET', path('services', id, 'feeds'), options)).feeds,
    /** Makes or replaces the key in the addresses of the page's feeds. */
    rotateFeedKey: async (id: string, options?: CallOptions): Promise<PageFeeds> =>
      (await send<ReplyOf<'rotateFeedKey'>>('POST', path('services', id, 'feed-key'), options)).feeds,
    /** Who is told of the page; for owners, and for keys with the scope `subscribers:manage`. */
    subscribers: {
      list: (id: string, query: QueryOf<'listSubscribers'> = {}, options?: CallOptions) =>
        send<ReplyOf<'listSubscribers'>>('GET', path('services', id, 'subscribers'), { ...options, query }),
      /** Removes a subscriber with everything stored about it. */
      remove: (id: string, subscriberId: string, options?: CallOptions) =>
        send<Done>('DELETE', path('services', id, 'subscribers', subscriberId), options),
    },
    /** `content` is a PNG, JPEG or WebP image in base64: at most 200 kB and 1,000 pixels per side. */
    setLogo: async (id: string, body: BodyOf<'setServiceLogo'>, options?: CallOptions) =>
      (await send<OneService>('PUT', path('services', id, 'logo'), { ...options, body })).service,
    removeLogo: async (id: string, options?: CallOptions) =>
      (await send<OneService>('DELETE', path('services', id, 'logo'), options)).service,
    /** Gives the page a domain of your own; `customDomainValidation.records` are the DNS records to set. */
    setDomain: async (id: string, body: BodyOf<'setCustomDomain'>, options?: CallOptions) =>
      (await send<OneService>('POST', path('services', id, 'custom-domain'), { ...options, body })).service,
    /** Looks for the two DNS records now: `customDomainStatus` is `active` with both, else `failed`. */
    verifyDomain: async (id: string, options?: CallOptions) =>
      (await send<OneService>('POST', path('services', id, 'custom-domain', 'verify'), options)).service,
    removeDomain: async (id: string, options?: CallOptions) =>
      (await send<OneService>('DELETE', path('services', id, 'custom-domain'), options)).service,
    /** Renders the page as its readers would see it, with its content; nothing is stored. */
    preview: async (id: string, body: BodyOf<'previewService'> = {}, options?: CallOptions) =>
      (await send<ReplyOf<'previewService'>>('POST', path('services', id, 'preview'), { ...options, body }))
        .preview,
    delete: (id: string, options?: CallOptions) => send<Done>('DELETE', path('services', id), options),
    maintenance: {
      ...maintenanceCalls<OneService, string>(send, (id) => path('services', id, 'maintenance')),
      /** Maintenance windows of one monitor of the page. */
      ofMonitor: maintenanceCalls<OneMonitor, { readonly id: string; readonly monitorId: string }>(
        send,
        ({ id, monitorId }) => path('services', id, 'monitors', monitorId, 'maintenance'),
      ),
    },
  }
}

function windowCalls(send: Transport, path: Path) {
  const root = 'maintenance-windows'
  return {
    list: async (options?: CallOptions): Promise<readonly MaintenanceWindow[]> =>
      (await send<ReplyOf<'listMaintenanceWindows'>>('GET', path(root), options)).windows,
    /** When there is maintenance within a period of at most 62 days; each time of recurring maintenance by itself. */
    times: async (query: QueryOf<'listMaintenanceTimes'>, options?: CallOptions) =>
      (await send<ReplyOf<'listMaintenanceTimes'>>('GET', path(root, 'times'), { ...options, query })).times,
    create: async (body: NewMaintenanceWindow, options?: CallOptions) =>
      (await send<OneWindow>('POST', path(root), { ...options, body })).window,
    update: async (id: string, body: MaintenanceWindowChange, options?: CallOptions) =>
      (await send<OneWindow>('PUT', path(root, id), { ...options, body })).window,
    /** Cancels a planned maintenance, or ends a running one. */
    delete: (id: string, options?: CallOptions) => send<Done>('DELETE', path(root, id), options),
  }
}

function channelCalls(send: Transport, path: Path) {
  const root = 'notification-channels'
  return {
    list: async (options?: CallOptions) =>
      (await send<ReplyOf<'listChannels'>>('GET', path(root), options)).channels,
    create: (body: NewChannel, options?: CallOptions) =>
      send<WrittenChannel>('POST', path(root), { ...options, body }),
    update: (id: string, body: ChannelChange, options?: CallOptions) =>
      send<WrittenChannel>('PUT', path(root, id), { ...options, body }),
    delete: (id: string, options?: CallOptions) => send<Done>('DELETE', path(root, id), options),
    /** Sends a test notification and waits for the result. */
    test: (id: string, options?: CallOptions) =>
      send<ReplyOf<'testChannel'>>('POST', path(root, id, 'test'), { ...options, body: {} }),
    resendVerification: (id: string, options?: CallOptions) =>
      send<ReplyOf<'resendVerification'>>('POST', path(root, id, 'resend-verification'), options),
    /** Notifications sent through this channel, newest first. */
    deliveries: (id: string, page: QueryOf<'listDeliveries'> = {}, options?: CallOptions) =>
      send<DeliveryPage>('GET', path(root, id, 'deliveries'), { ...options, query: page }),
    /** Notifications sent through all channels, newest first. */
    allDeliveries: (page: QueryOf<'listAllDeliveries'> = {}, options?: CallOptions) =>
      send<DeliveryPage>('GET', path('notification-deliveries'), { ...options, query: page }),
    /** Sends a delivery again under its original id. */
    resend: (id: string, deliveryId: string, options?: CallOptions) =>
      send<Done>('POST', path(root, id, 'deliveries', deliveryId, 'resend'), options),
  }
}
