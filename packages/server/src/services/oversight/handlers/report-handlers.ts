import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type {
  getArticle14,
  getComplianceReport,
  getStoredReport,
  listComplianceReports,
} from '../contract/reports.ts'
import type { OversightDeps } from '../deps.ts'
import * as reports from '../usecases/reports.ts'

type Reports = readonly [
  typeof getComplianceReport,
  typeof listComplianceReports,
  typeof getStoredReport,
  typeof getArticle14,
]

export function reportHandlers(deps: OversightDeps): HandlersOf<Reports> {
  return {
    getComplianceReport: (caller, { query }, context) => reports.getReport(deps, caller, query, context),
    listComplianceReports: (caller, { query }, context) => reports.listReports(deps, caller, query, context),
    getStoredReport: (caller, { params, query }, context) =>
      reports.getStoredReport(deps, caller, params.report_id, query.lang, context),
    getArticle14: (caller, _input, context) => reports.getArticle14(deps, caller, context),
  }
}
