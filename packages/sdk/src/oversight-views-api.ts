import type { BodyOf, QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/**
 * The organisation's settings, reports, imports and alerts. `root` is `/v1` for API keys and `/dashboard/oversight`
 * for members.
 */
export function oversightViewsApi(send: Transport, root: string) {
  const operatorPath = (id: string, ...rest: readonly string[]): string =>
    [`${root}/operator`, encodeURIComponent(id), ...rest].join('/')
  const importPath = (id: string, ...rest: readonly string[]): string =>
    [`${root}/imports`, encodeURIComponent(id), ...rest].join('/')
  return {
    profile: (operatorId: string, query: QueryOf<'getOperatorProfile'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getOperatorProfile'>>(
        'GET',
        `${root}/operator/${encodeURIComponent(operatorId)}/profile`,
        {
          ...options,
          query,
        },
      ),
    settings: {
      get: (options?: CallOptions) =>
        send<ReplyOf<'getOversightSettings'>>('GET', `${root}/organization/settings`, options),
      /** Omitted members stay as they are. */
      set: (body: BodyOf<'setOversightSettings'>, options?: CallOptions) =>
        send<ReplyOf<'setOversightSettings'>>('PUT', `${root}/organization/settings`, { ...options, body }),
    },
    organization: (query: QueryOf<'getOrganizationDashboard'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getOrganizationDashboard'>>('GET', `${root}/organization/dashboard`, {
        ...options,
        query,
      }),
    /** Suggests exercises for an operator; nothing is scheduled by it. */
    recommendPractice: (body: BodyOf<'recommendPractice'>, options?: CallOptions) =>
      send<ReplyOf<'recommendPractice'>>('POST', `${root}/maintenance/recommend`, { ...options, body }),
    exercises: {
      /** The built-in ones and those of the organisation. */
      list: (options?: CallOptions) =>
        send<ReplyOf<'listExercises'>>('GET', `${root}/maintenance/exercises`, options),
      add: (body: BodyOf<'addExercise'>, options?: CallOptions) =>
        send<ReplyOf<'addExercise'>>('POST', `${root}/maintenance/exercises`, { ...options, body }),
      remove: (id: string, options?: CallOptions) =>
        send<ReplyOf<'removeExercise'>>(
          'DELETE',
          `${root}/maintenance/exercises/${encodeURIComponent(id)}`,
          options,
        ),
    },
    operators: {
      /** All operators with at least one decision, most recent activity first. */
      list: (query: QueryOf<'listOperators'> = {}, options?: CallOptions) =>
        send<ReplyOf<'listOperators'>>('GET', `${root}/organization/operators`, { ...options, query }),
      change: (operatorId: string, body: BodyOf<'changeOperator'>, options?: CallOptions) =>
        send<ReplyOf<'changeOperator'>>('PATCH', operatorPath(operatorId), { ...options, body }),
      sparkline: (operatorId: string, query: QueryOf<'getOperatorSparkline'> = {}, options?: CallOptions) =>
        send<ReplyOf<'getOperatorSparkline'>>('GET', operatorPath(operatorId, 'sparkline'), {
          ...options,
          query,
        }),
      interactions: (
        operatorId: string,
        query: QueryOf<'listOperatorInteractions'> = {},
        options?: CallOptions,
      ) =>
        send<ReplyOf<'listOperatorInteractions'>>('GET', operatorPath(operatorId, 'interactions'), {
          ...options,
          query,
        }),
      /** Who looked at the figures, newest first; one entry per reader and day. */
      views: (operatorId: string, query: QueryOf<'listOperatorViews'> = {}, options?: CallOptions) =>
        send<ReplyOf<'listOperatorViews'>>('GET', operatorPath(operatorId, 'views'), { ...options, query }),
    },
    compliance: {
      /** The report of a period. The report of a past period never changes. */
      report: (query: QueryOf<'getComplianceReport'> = {}, options?: CallOptions) =>
        send<ReplyOf<'getComplianceReport'>>('GET', `${root}/compliance/report`, { ...options, query }),
      list: (query: QueryOf<'listComplianceReports'> = {}, options?: CallOptions) =>
        send<ReplyOf<'listComplianceReports'>>('GET', `${root}/compliance/reports`, { ...options, query }),
      /** A stored report, as JSON, HTML or PDF. */
      stored: (
        reportId: string,
        form: 'json' | 'html' | 'pdf' = 'json',
        query: QueryOf<'getStoredReport'> = {},
        options?: CallOptions,
      ) =>
        send<Blob>('GET', `${root}/compliance/reports/${encodeURIComponent(reportId)}.${form}`, {
          ...options,
          query,
          as: 'blob',
        }),
      article14: (options?: CallOptions) =>
        send<ReplyOf<'getArticle14'>>('GET', `${root}/compliance/article14`, options),
    },
    imports: {
      /** All imports, newest first. */
      list: (query: QueryOf<'listImports'> = {}, options?: CallOptions) =>
        send<ReplyOf<'listImports'>>('GET', `${root}/imports`, { ...options, query }),
      /** Starts an import of past decisions. */
      create: (body: BodyOf<'createImport'>, options?: CallOptions) =>
        send<ReplyOf<'createImport'>>('POST', `${root}/imports`, { ...options, body }),
      get: (id: string, options?: CallOptions) => send<ReplyOf<'getImport'>>('GET', importPath(id), options),
      /**
       * Sends NDJSON lines, of which the first is line `fromLine`. Use `lines_committed + 1`; after an interrupted
       * call, read it anew.
       */
      putLines: (id: string, fromLine: number, lines: string, options?: CallOptions) =>
        send<ReplyOf<'putImportLines'>>('PUT', importPath(id, 'lines'), {
          ...options,
          query: { from_line: fromLine },
          text: lines,
          textType: 'application/x-ndjson',
        }),
      finish: (id: string, options?: CallOptions) =>
        send<ReplyOf<'finishImport'>>('POST', importPath(id, 'finish'), options),
      /** Lines that were rejected, with the reason for each, as NDJSON. */
      rejects: (id: string, options?: CallOptions) =>
        send<Blob>('GET', importPath(id, 'rejects'), { ...options, as: 'blob' }),
      cancel: (id: string, options?: CallOptions) =>
        send<ReplyOf<'cancelImport'>>('DELETE', importPath(id), options),
    },
    alerts: {
      /** All alerts, newest first. */
      list: (query: QueryOf<'listOversightAlerts'> = {}, options?: CallOptions) =>
        send<ReplyOf<'listOversightAlerts'>>('GET', `${root}/alerts`, { ...options, query }),
      acknowledge: (id: string, options?: CallOptions) =>
        send<ReplyOf<'acknowledgeOversightAlert'>>(
          'POST',
          `${root}/alerts/${encodeURIComponent(id)}/acknowledge`,
          options,
        ),
    },
  }
}
