import { type Database, type TenantTx, within } from '@gatehouse/kernel/db'
import { type Day, lastDays } from '../domain/days.ts'
import { type Layout, stateNow } from '../domain/layout.ts'
import { isOver } from '../domain/maintenance.ts'
import { bannerIndicator, dayBar } from '../domain/status-page.ts'
import { cutToVouched } from '../domain/timeline.ts'
import { formatUptime, sumStates } from '../domain/uptime.ts'
import { listIntervalsOf } from '../store/day-store.ts'
import { findLayout } from '../store/layout-store.ts'
import { listLogos } from '../store/logo-store.ts'
import { listOpenWindows, listPlannedWindows, type NamedWindow } from '../store/maintenance-store.ts'
import {
  listPageIncidents,
  listPageUpdates,
  type PageHead,
  type PageIncident,
  type PageUpdate,
} from '../store/page-store.ts'
import type {
  ComponentView,
  IncidentView,
  MaintenanceView,
  PageView,
  Phase,
  UpdateView,
} from './page-view.ts'
import { type PageLanguage, pageWords } from './page-words.ts'

const barDays = 90
const pastDays = 14
const componentsMax = 500
/** How many incidents feeds and programs are given, however long ago they were. */
const incidentsMax = 50
/** How many of the next occurrences of recurring maintenance are shown. */
const timesMax = 3

/** Returns the layout to show in place of the stored one. */
type Rearrange = (tx: TenantTx, before: Layout) => Promise<Layout>

/** Reads everything that a page shows, or would show with another layout, in one transaction. */
export async function loadPage(
  deps: { readonly db: Database; readonly mail: { readonly isConfigured: boolean } },
  head: Pick<PageHead, 'orgId' | 'serviceId' | 'name' | 'slug' | 'description' | 'timeZone'>,
  language: PageLanguage,
  nowMs: number,
  rearrange?: Rearrange,
): Promise<PageView> {
  const { orgId, serviceId, timeZone } = head
  const days = lastDays(nowMs, barDays, timeZone)
  const past = days.slice(-pastDays)
  const fromMs = days[0]?.fromMs ?? nowMs
  const sinceMs = past[0]?.fromMs ?? nowMs
  const { layout, logo, intervals, incidents, updates, begun, planned } = await within(
    deps,
    { kind: 'system', orgId, because: 'status page' },
    async (tx) => {
      const arranged = await readArranged(tx, serviceId, rearrange)
      const shown = (await listPageIncidents(tx, serviceId, sinceMs, incidentsMax)).flatMap((incident) => {
        const { isHidden, displayName } = arranged.faces.get(incident.monitorId ?? '') ?? incident
        return isHidden ? [] : [{ ...incident, monitorName: displayName ?? incident.monitorName }]
      })
      return {
        layout: arranged,
        logo: (await listLogos(tx, serviceId)).get(serviceId),
        intervals: await listIntervalsOf(tx, arranged.monitorIds, fromMs),
        begun: await listOpenWindows(tx, nowMs),
        planned: await listPlannedWindows(tx, nowMs, timesMax),
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
  const components = layout.components.map((component): ComponentView => {
    const { id, sectionId, name, description, monitorState } = component
    const shown = { id, sectionId, name, description, state: stateNow(component) }
    if (monitorState === null) return { ...shown, uptimePercent: null, days: [] }
    const { vouchedUntilMs } = monitorState
    const stored = intervals.get(id) ?? []
    // The same calculation as in the API: time without a valid verdict is unknown.
    const timeline =
      vouchedUntilMs !== null && vouchedUntilMs < nowMs ? cutToVouched(stored, vouchedUntilMs) : stored
    return {
      ...shown,
      uptimePercent: formatUptime(sumStates(timeline, fromMs, nowMs)),
      days: days.map((day) => ({ date: day.date, ...dayBar(timeline, day, nowMs) })),
    }
  })
  const inMaintenance = layout.components.flatMap(({ id, name, monitorState }) =>
    monitorState === null || monitorState.maintenance === null
      ? []
      : [
          {
            id,
            name,
            ...monitorState.maintenance,
            window: begun.find((window) => isOver(window, { monitorId: id, serviceId })),
          },
        ],
  )
  const open = incidents.filter(({ resolvedAtMs }) => resolvedAtMs === null)
  const indicator = bannerIndicator(
    components.map(({ state }) => state),
    open.map(({ impact }) => impact),
  )
  const affected = components.filter(({ state }) => state === 'down' || state === 'degraded')
  const toView = (incident: PageIncident): IncidentView =>
    toIncidentView(incident, updates.get(incident.id) ?? [], language)
  return {
    id: serviceId,
    name: head.name,
    logo: logo ?? null,
    description: head.description,
    place: head.slug,
    timeZone,
    renderedAtMs: nowMs,
    takesMail: deps.mail.isConfigured,
    indicator,
    sinceMs: findBeginning(indicator, open, inMaintenance),
    affected: affected.length === 1 ? (affected[0]?.name ?? null) : null,
    sections: layout.sections,
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
    incidents: incidents.slice(0, incidentsMax).map(toView),
    maintenance: [
      ...[...byWindow(inMaintenance).values()].flatMap((covered): MaintenanceView[] => {
        const [first] = covered
        if (first === undefined) return []
        return [
          {
            id: first.window?.id ?? `${first.id}-${first.fromMs}`,
            title: first.window?.title ?? pageWords[language].maintenance,
            components: covered.map(({ name }) => name),
            componentIds: covered.map(({ id }) => id),
            startsAtMs: first.fromMs,
            endsAtMs: first.untilMs,
            later: [],
          },
        ]
      }),
      ...[...bySeries(planned).values()].flatMap(([window, ...later]): MaintenanceView[] => {
        if (window === undefined) return []
        const covered = layout.components.filter(({ id }) => isOver(window, { monitorId: id, serviceId }))
        if (covered.length === 0) return []
        return [
          {
            ...toOccurrence(window),
            title: window.title ?? pageWords[language].maintenance,
            components: covered.map(({ name }) => name),
            componentIds: covered.map(({ id }) => id),
            later: later.map(toOccurrence),
          },
        ]
      }),
    ],
  }
}

/** The layout as readers see it, and the displayed name of each monitor on the page. */
async function readArranged(tx: TenantTx, serviceId: string, rearrange: Rearrange | undefined) {
  const stored = await findLayout(tx, serviceId, rearrange === undefined ? { shownMax: componentsMax } : {})
  const { sections, components } = rearrange === undefined ? stored : await rearrange(tx, stored)
  const known = new Map(stored.components.map((component) => [component.id, component]))
  const all = components.map((component) => {
    const { monitorName = null, monitorState = null } = known.get(component.id) ?? {}
    return { ...component, name: component.displayName ?? monitorName ?? '', monitorState }
  })
  const shown = all.filter(({ hidden }) => !hidden).slice(0, componentsMax)
  return {
    sections: sections.filter(({ id }) => shown.some(({ sectionId }) => sectionId === id)),
    components: shown,
    monitorIds: shown.flatMap(({ monitorId }) => (monitorId === null ? [] : [monitorId])),
    /** By monitor. */
    faces: new Map(components.map(({ id, hidden, displayName }) => [id, { isHidden: hidden, displayName }])),
  }
}

function toOccurrence({ id, startsAtMs, endsAtMs, autoResolve }: NamedWindow) {
  return { id, startsAtMs, endsAtMs: autoResolve ? endsAtMs : null }
}

/** The earliest beginning of what the banner's state rests on. */
function findBeginning(
  indicator: PageView['indicator'],
  open: readonly PageIncident[],
  maintenance: readonly { readonly fromMs: number }[],
): number | null {
  const isOutage = indicator === 'minor' || indicator === 'major' || indicator === 'critical'
  const beginnings = isOutage
    ? open.filter(({ impact }) => impact !== 'none').map(({ startedAtMs }) => startedAtMs)
    : indicator === 'maintenance'
      ? maintenance.map(({ fromMs }) => fromMs)
      : []
  return beginnings.length === 0 ? null : Math.min(...beginnings)
}

type Maintained = {
  readonly fromMs: number
  readonly untilMs: number | null
  readonly window: NamedWindow | undefined
}

/** What is maintained together is announced together. */
function byWindow<T extends Maintained>(maintained: readonly T[]): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(maintained, ({ fromMs, untilMs, window }) => window?.id ?? `${fromMs} ${untilMs}`)
}

function bySeries(planned: readonly NamedWindow[]): ReadonlyMap<string, readonly NamedWindow[]> {
  return Map.groupBy(planned, ({ id, seriesId }) => seriesId ?? id)
}

function isOn({ fromMs, toMs }: Day, { startedAtMs }: PageIncident): boolean {
  return startedAtMs >= fromMs && startedAtMs < toMs
}

/** Whether an earlier incident was still open on this day. */
function goesOn({ fromMs }: Day, { startedAtMs, resolvedAtMs }: PageIncident, nowMs: number): boolean {
  return startedAtMs < fromMs && fromMs < (resolvedAtMs ?? nowMs)
}

/** If a person wrote updates, they replace the automatic text. */
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
    .map(({ id, phase, body, displayAtMs }) => ({ id, phase, body, atMs: displayAtMs }))
  const isAuto = incident.type !== 'manual'
  const spoken = [
    ...(isAuto && incident.resolvedAtMs !== null
      ? [toAutoUpdate(incident.id, 'resolved', words.autoResolved(name), incident.resolvedAtMs)]
      : []),
    ...(isAuto
      ? [toAutoUpdate(incident.id, 'investigating', words.autoInvestigating(name), incident.startedAtMs)]
      : []),
  ]
  return {
    id: incident.id,
    title: incident.title ?? words.names(name, words.state.down),
    impact: incident.impact,
    startedAtMs: incident.startedAtMs,
    resolvedAtMs: incident.resolvedAtMs,
    componentId: incident.monitorId,
    updates: own.length > 0 ? own : spoken,
  }
}

function toAutoUpdate(incidentId: string, phase: Phase, body: string, atMs: number): UpdateView {
  return { id: `${incidentId}-${phase}`, phase, body, atMs }
}
