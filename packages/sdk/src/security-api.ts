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

/** For the administrators of an instance: what went wrong with its security, and who has to be told by when. */
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
    /** With the organisations that it touches, and its timeline. */
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
    /** Tells every affected organisation; it goes on in the background. */
    notify: (id: string, message: BodyOf<'adminNotifyAffected'>['message'], options?: CallOptions) =>
      step('POST', `${one(id)}/notify`, { ...options, body: { message } }),
    publish: (id: string, report: BodyOf<'adminPublishIncidentReport'>['report'], options?: CallOptions) =>
      step('PUT', `${one(id)}/report`, { ...options, body: { report } }),
    close: (id: string, body: BodyOf<'adminCloseSecurityIncident'> = {}, options?: CallOptions) =>
      step('POST', `${one(id)}/close`, { ...options, body }),
  }
}

/** For the administrators of an instance: the weaknesses that were reported to it. */
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
    /** With what was reported; that you read it is an entry of the audit log. */
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

/** What the operator has told your organisation. */
export function securityNoticesApi(send: Transport) {
  const all = '/dashboard/security/notices'
  return {
    list: async (options?: CallOptions): Promise<readonly SecurityNotice[]> =>
      (await send<ReplyOf<'listSecurityNotices'>>('GET', all, options)).notices,
    acknowledge: (id: string, options?: CallOptions) =>
      send<Done>('POST', `${all}/${encodeURIComponent(id)}/acknowledge`, options),
  }
}
