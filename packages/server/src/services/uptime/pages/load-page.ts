import { type Database, within } from '@gatehouse/kernel/db'
import { type Day, lastDays } from '../domain/days.ts'
import { isOver, windowState } from '../domain/maintenance.ts'
import { bannerIndicator, componentState, dayBar } from '../domain/status-page.ts'
import { cutToVouched } from '../domain/timeline.ts'
import { formatUptime, sumStates } from '../domain/uptime.ts'
import { listWindows } from '../store/maintenance-store.ts'
import {
  listPageIncidents,
  listPageIntervals,
  listPageMonitors,
  listPageUpdates,
  type PageHead,
  type PageIncident,
  type PageUpdate,
} from '../store/page-store.ts'
import type { ComponentView, IncidentView, MaintenanceView, PageView } from './page-view.ts'
import { type PageLanguage, pageWords } from './page-words.ts'

const barDays = 90
const pastDays = 14

/** Everything that a page shows now, in one transaction of its org. */
export async function loadPage(
  deps: { readonly db: Database },
  head: Pick<PageHead, 'orgId' | 'serviceId' | 'name' | 'slug' | 'description' | 'timeZone'>,
  language: PageLanguage,
  nowMs: number,
): Promise<PageView> {
  const { orgId, serviceId, timeZone } = head
  const days = lastDays(nowMs, barDays, timeZone)
  const past = days.slice(-pastDays)
  const fromMs = days[0]?.fromMs ?? nowMs
  const sinceMs = past[0]?.fromMs ?? nowMs
  const { monitors, intervals, incidents, updates, planned } = await within(
    deps,
    { kind: 'system', orgId, because: 'status page' },
    async (tx) => {
      const shown = await listPageIncidents(tx, serviceId, sinceMs)
      return {
        monitors: await listPageMonitors(tx, serviceId),
        intervals: await listPageIntervals(tx, serviceId, fromMs),
        planned: (await listWindows(tx, nowMs)).filter((window) => windowState(window, nowMs) === 'planned'),
        incidents: shown,
        updates: Map.groupBy(
          await listPageUpdates(
            tx,
            shown.map(({ id }) => id),
          ),
          ({ incidentId }) => incidentId,
        ),
      }
    },
  )
  const components = monitors.map(({ id, name, state }): ComponentView => {
    const { vouchedUntilMs } = state
    const stored = intervals.get(id) ?? []
    // As the API counts it: what nobody looked at is unknown, not as it was before.
    const timeline =
      vouchedUntilMs !== null && vouchedUntilMs < nowMs ? cutToVouched(stored, vouchedUntilMs) : stored
    return {
      name,
      state: componentState(state.status, state.maintenance !== null),
      uptimePercent: formatUptime(sumStates(timeline, fromMs, nowMs)),
      days: days.map((day) => ({ date: day.date, ...dayBar(timeline, day, nowMs) })),
    }
  })
  const open = incidents.filter(({ resolvedAtMs }) => resolvedAtMs === null)
  const affected = components.filter(({ state }) => state === 'down' || state === 'degraded')
  const toView = (incident: PageIncident): IncidentView =>
    toIncidentView(incident, updates.get(incident.id) ?? [], language)
  return {
    name: head.name,
    description: head.description,
    slug: head.slug,
    timeZone,
    renderedAtMs: nowMs,
    indicator: bannerIndicator(
      components.map(({ state }) => state),
      open.map(({ impact }) => impact),
    ),
    affected: affected.length === 1 ? (affected[0]?.name ?? null) : null,
    components,
    openIncidents: open.map(toView),
    recentDays: past.toReversed().map((day) => ({
      date: day.date,
      incidents: incidents
        .filter((incident) => isOn(day, incident) && incident.resolvedAtMs !== null)
        .map(toView),
      stillOpen: open.filter((incident) => isOn(day, incident)).map((incident) => toView(incident).title),
      continued: incidents
        .filter((incident) => goesOn(day, incident, nowMs))
        .map((incident) => toView(incident).title),
    })),
    maintenance: [
      ...monitors.flatMap(({ name, state }) =>
        state.maintenance === null
          ? []
          : [
              {
                title: pageWords[language].maintenance,
                components: [name],
                startsAtMs: state.maintenance.fromMs,
                endsAtMs: state.maintenance.untilMs,
              },
            ],
      ),
      ...planned.toReversed().flatMap((window): MaintenanceView[] => {
        const covered = monitors.filter(({ id }) => isOver(window, { monitorId: id, serviceId }))
        if (covered.length === 0) return []
        return [
          {
            title: window.title ?? pageWords[language].maintenance,
            components: covered.map(({ name }) => name),
            startsAtMs: window.startsAtMs,
            endsAtMs: window.autoResolve ? window.endsAtMs : null,
          },
        ]
      }),
    ],
  }
}

function isOn({ fromMs, toMs }: Day, { startedAtMs }: PageIncident): boolean {
  return startedAtMs >= fromMs && startedAtMs < toMs
}

/** Whether an incident of an earlier day went on into this one, which was no quiet day then. */
function goesOn({ fromMs }: Day, { startedAtMs, resolvedAtMs }: PageIncident, nowMs: number): boolean {
  return startedAtMs < fromMs && fromMs < (resolvedAtMs ?? nowMs)
}

/** A person's updates take the place of what is said automatically. */
function toIncidentView(
  incident: PageIncident,
  updates: readonly PageUpdate[],
  language: PageLanguage,
): IncidentView {
  const words = pageWords[language]
  const name = incident.monitorName ?? ''
  const superseded = new Set(updates.map(({ supersedes }) => supersedes))
  const own = updates
    .filter(({ id }) => !superseded.has(id))
    .map(({ phase, body, displayAtMs }) => ({ phase, body, atMs: displayAtMs }))
  const isAuto = incident.type !== 'manual'
  const spoken = [
    ...(isAuto && incident.resolvedAtMs !== null
      ? [{ phase: 'resolved' as const, body: words.autoResolved(name), atMs: incident.resolvedAtMs }]
      : []),
    ...(isAuto
      ? [{ phase: 'investigating' as const, body: words.autoInvestigating(name), atMs: incident.startedAtMs }]
      : []),
  ]
  return {
    title: incident.title ?? words.names(name, words.state.down),
    impact: incident.impact,
    startedAtMs: incident.startedAtMs,
    resolvedAtMs: incident.resolvedAtMs,
    updates: own.length > 0 ? own : spoken,
  }
}
