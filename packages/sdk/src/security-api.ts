import type {
  BodyOf,
  DisclosureCase,
  Done,
  QueryOf,
  ReplyOf,
  SecurityIncident,
  SecurityNotice,
} from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

type Held = ReplyOf<'adminOpenSecurityIncident'>

/** Security incidents and their notification deadlines; for instance administrators. */
export function securityIncidentsApi(send: Transport) {
  const all = '/admin/security-incidents'
  const one = (id: string) => `${all}/${encodeURIComponent(id)}`
  const step = async (
    method: 'PATCH' | 'POST' | 'PUT',
    path: string,
    options: CallOptions & { readonly body: object },
  ): Promise<SecurityIncident> => (await send<Held>(method, path, options)).incident
  return {
    list: (query: QueryOf<'adminListSecurityIncidents'> = {}, options?: CallOptions) =>
      send<ReplyOf<'adminListSecurityIncidents'>>('GET', all, { ...options, query }),
    open: (body: BodyOf<'adminOpenSecurityIncident'>, options?: CallOptions) =>
      step('POST', all, { ...options, body }),
    /** One incident with the affected organisations and its timeline. */
    get: (id: string, options?: CallOptions) =>
      send<ReplyOf<'adminGetSecurityIncident'>>('GET', one(id), options),
    change: (id: string, body: BodyOf<'adminChangeSecurityIncident'>, options?: CallOptions) =>
      step('PATCH', one(id), { ...options, body }),
    contain: (id: string, how: string, options?: CallOptions) =>
      step('POST', `${one(id)}/contain`, { ...options, body: { how } }),
    previewNotice: (
      id: string,
      message: BodyOf<'adminPreviewSecurityNotice'>['message'],
      options?: CallOptions,
    ) =>
      send<ReplyOf<'adminPreviewSecurityNotice'>>('POST', `${one(id)}/notify/preview`, {
        ...options,
        body: { message },
      }),
    /** Notifies every affected organisation. The notification continues in the background. */
    notify: (id: string, message: BodyOf<'adminNotifyAffected'>['message'], options?: CallOptions) =>
      step('POST', `${one(id)}/notify`, { ...options, body: { message } }),
    publish: (id: string, report: BodyOf<'adminPublishIncidentReport'>['report'], options?: CallOptions) =>
      step('PUT', `${one(id)}/report`, { ...options, body: { report } }),
    close: (id: string, body: BodyOf<'adminCloseSecurityIncident'> = {}, options?: CallOptions) =>
      step('POST', `${one(id)}/close`, { ...options, body }),
  }
}

/** Reported vulnerabilities; for instance administrators. */
export function disclosureCasesApi(send: Transport) {
  const all = '/admin/disclosure-cases'
  const one = (id: string) => `${all}/${encodeURIComponent(id)}`
  const step = async (
    method: 'POST' | 'PUT',
    path: string,
    options: CallOptions & { readonly body?: object } = {},
  ): Promise<DisclosureCase> => (await send<ReplyOf<'adminAcknowledgeReport'>>(method, path, options)).case
  return {
    list: (query: QueryOf<'adminListDisclosureCases'> = {}, options?: CallOptions) =>
      send<ReplyOf<'adminListDisclosureCases'>>('GET', all, { ...options, query }),
    /** One case with the decrypted report. Reading it is recorded in the audit log. */
    read: (id: string, options?: CallOptions) =>
      send<ReplyOf<'adminReadDisclosureCase'>>('GET', one(id), options),
    acknowledge: (id: string, options?: CallOptions) => step('POST', `${one(id)}/acknowledge`, options),
    judge: (id: string, severity: BodyOf<'adminJudgeReport'>['severity'], options?: CallOptions) =>
      step('PUT', `${one(id)}/severity`, { ...options, body: { severity } }),
    fix: (id: string, options?: CallOptions) => step('POST', `${one(id)}/fix`, options),
    credit: (id: string, what: string, options?: CallOptions) =>
      step('POST', `${one(id)}/credit`, { ...options, body: { what } }),
    close: (id: string, outcome: BodyOf<'adminCloseCase'>['outcome'], options?: CallOptions) =>
      step('POST', `${one(id)}/close`, { ...options, body: { outcome } }),
  }
}

/** Security notices that the instance's operator has sent to the organisation. */
export function securityNoticesApi(send: Transport) {
  const all = '/dashboard/security/notices'
  return {
    list: async (options?: CallOptions): Promise<readonly SecurityNotice[]> =>
      (await send<ReplyOf<'listSecurityNotices'>>('GET', all, options)).notices,
    acknowledge: (id: string, options?: CallOptions) =>
      send<Done>('POST', `${all}/${encodeURIComponent(id)}/acknowledge`, options),
  }
}
