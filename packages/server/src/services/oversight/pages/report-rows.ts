import { toPercent } from '../../../service/to-percent.ts'
import type { ReportBody } from '../contract/reports.ts'
import { relianceMetrics } from '../domain/reliance.ts'
import { toReportName } from '../report-names.ts'
import { reportWords } from '../report-text.ts'

/** A part of a report in the form common to all formats: facts, a table or a sentence. */
export type ReportPart = {
  readonly heading: string
  readonly note?: string
  readonly facts?: readonly (readonly [name: string, value: string])[]
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
}

type Metric = NonNullable<ReportBody['reliance']>['team_gain']

/** The parts of a report in order, the same for HTML and PDF. */
export function toReportParts(report: ReportBody, language: 'en' | 'ja'): readonly ReportPart[] {
  const { sections, columns, facts, ...own } = reportWords[language]
  const { reliance } = report
  const nameOf = (name: string): string => toReportName(name, language)
  const metricRow = (name: string, metric: Metric): readonly string[] => [
    nameOf(name),
    toNumber(metric.value),
    metric.low === null || metric.high === null ? '–' : `[${toNumber(metric.low)}, ${toNumber(metric.high)}]`,
    String(metric.n),
    metric.method === null ? '–' : nameOf(metric.method),
  ]
  const metricColumns = [columns.metric, columns.value, columns.interval, columns.n, columns.method]
  const {
    population,
    evidence_mix: mix,
    chain,
    practice,
    notices,
    versions,
    operator_rollup: rollup,
  } = report
  return [
    {
      heading: sections.team,
      ...(reliance === null
        ? { note: own.notEnough }
        : {
            ...(reliance.team_gain.basis === 'unaided' ? { note: own.otherCases } : {}),
            facts: [
              [facts.ownAccuracy, toShare(reliance.team_gain.own_accuracy ?? null)],
              [facts.aiAccuracy, toShare(reliance.team_gain.ai_accuracy ?? null)],
              [facts.finalAccuracy, toShare(reliance.team_gain.final_accuracy ?? null)],
            ],
            table: { columns: metricColumns, rows: [metricRow('team_gain', reliance.team_gain)] },
          }),
    },
    {
      heading: sections.population,
      facts: [
        [facts.operators, String(population.operators)],
        [facts.decisions, String(population.decisions)],
        [facts.withheld, String(population.withheld)],
        [facts.outcomes, toShare(population.coverage.outcomes_known)],
        [facts.own, toShare(population.coverage.own_answers)],
        [facts.confidence, toShare(population.coverage.confidence)],
        [facts.zero, toShare(population.coverage.zero_telemetry)],
      ],
    },
    {
      heading: sections.clauses,
      table: {
        columns: [columns.clause, columns.status, columns.figures],
        rows: report.findings.map(({ citation, status, figures }) => [
          own.citation(citation),
          own.statuses[status] ?? status,
          Object.entries(figures)
            .map(([name, value]) => `${nameOf(name)}: ${toNumber(value)}`)
            .join('; '),
        ]),
      },
    },
    {
      heading: sections.reliance,
      ...(reliance === null
        ? { note: own.notEnough }
        : {
            table: {
              columns: metricColumns,
              rows: relianceMetrics
                .filter((name) => name !== 'team_gain')
                .map((name) => metricRow(name, reliance[name])),
            },
          }),
    },
    {
      heading: sections.independence,
      note: report.independence_distribution === null ? own.notEnough : own.independenceNote,
      ...(report.independence_distribution === null
        ? {}
        : {
            facts: [
              [facts.above, String(rollup.above_threshold)],
              [facts.below, String(rollup.below_threshold)],
              [facts.critical, String(rollup.critical_below_40)],
              ...Object.entries(report.independence_distribution).map(
                ([band, count]) => [toTitle(nameOf(band)), String(count)] as const,
              ),
            ],
            table: {
              columns: [columns.dimension, columns.mean],
              rows: Object.entries(report.dimension_summary).map(([name, mean]) => [
                nameOf(name),
                mean.toFixed(1),
              ]),
            },
          }),
    },
    {
      heading: sections.domains,
      table: {
        columns: [
          columns.domain,
          columns.operators,
          columns.decisions,
          nameOf('team_gain'),
          nameOf('over_reliance'),
          nameOf('under_reliance'),
        ],
        rows: report.by_domain.map((group) => [
          nameOf(group.domain),
          String(group.operators),
          String(group.decisions),
          toNumber(group.team_gain?.value ?? null),
          toNumber(group.over_reliance?.value ?? null),
          toNumber(group.under_reliance?.value ?? null),
        ]),
      },
    },
    {
      heading: sections.evidence,
      facts: [
        [facts.asserted, toShare(mix.asserted)],
        [facts.anchored, toShare(mix.anchored)],
        [facts.attested, toShare(mix.attested)],
        [
          facts.calls,
          `${toShare(report.ai_calls.value)} (${report.ai_calls.matched} / ${report.ai_calls.observed})`,
        ],
        [facts.agreement, toNumber(report.agreement?.alpha.value ?? null)],
      ],
    },
    {
      heading: sections.decisions,
      ...(report.decisions.total === 0
        ? { note: own.none }
        : {
            facts: [
              [facts.resolvedAs, toList(Object.values(report.decisions.resolved_as))],
              [facts.expiredAs, toList(Object.values(report.decisions.expired_as))],
              [facts.escalated, String(report.decisions.escalated)],
              [facts.hoursToResolve, toNumber(report.decisions.median_hours_to_resolve)],
            ],
            table: {
              columns: [
                columns.route,
                columns.decisions,
                columns.waiting,
                columns.resolved,
                columns.expired,
                columns.hoursToResolve,
              ],
              rows: report.decisions.by_route.map((row) => [
                own.routes[row.route],
                String(row.decisions),
                String(row.waiting),
                String(row.resolved),
                String(row.expired),
                toNumber(row.median_hours_to_resolve),
              ]),
            },
          }),
    },
    {
      heading: sections.alerts,
      ...(report.alerts.length === 0
        ? { note: own.none }
        : {
            table: {
              columns: [columns.kind, columns.opened, columns.closed, columns.hours],
              rows: report.alerts.map((alert) => [
                nameOf(alert.kind),
                String(alert.opened),
                String(alert.closed),
                toNumber(alert.median_hours_to_handling),
              ]),
            },
          }),
    },
    {
      heading: sections.people,
      facts: [
        [facts.practice, `${practice.decisions}, ${practice.operators}`],
        [facts.notices, `${notices.given} / ${notices.operators}`],
        [facts.contests, `${report.contests.opened}, ${report.contests.upheld}`],
      ],
    },
    {
      heading: sections.record,
      facts: [
        [facts.chain, chain.first_seq === null ? own.none : `${chain.first_seq} – ${chain.last_seq}`],
        [
          facts.verified,
          chain.verified_from_seq === null
            ? own.none
            : `${chain.verified_from_seq}: ${chain.valid ? own.valid : own.broken}`,
        ],
        [
          facts.checkpoint,
          chain.checkpoint === null ? own.none : `${chain.checkpoint.seq}: ${chain.checkpoint.head_hash}`,
        ],
        [facts.models, versions.models.join(', ') || own.none],
        [facts.norms, versions.norms.join(', ') || own.none],
      ],
    },
  ]
}

function toNumber(value: number | null): string {
  return value === null ? '–' : String(value).replace('-', '−')
}

function toList(counts: readonly number[]): string {
  return counts.join(', ')
}

function toShare(value: number | null): string {
  return value === null ? '–' : toPercent(value)
}

/** `non functional` → `Non functional` */
function toTitle(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
