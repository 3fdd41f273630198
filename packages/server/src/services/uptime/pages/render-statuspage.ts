import { changedAtMs } from './render-feed.ts'
import type {
  ComponentState,
  ComponentView,
  IncidentView,
  Indicator,
  MaintenanceView,
  PageView,
} from './page-view.ts'
import { pageWords } from './page-words.ts'

/** What clients of Atlassian's Statuspage read below `/api/v2/`, under its names and in its words (7.3). */
export const statuspageFiles = [
  'summary.json',
  'status.json',
  'components.json',
  'incidents.json',
  'incidents/unresolved.json',
  'scheduled-maintenances.json',
  'scheduled-maintenances/upcoming.json',
  'scheduled-maintenances/active.json',
] as const
export type StatuspageFile = (typeof statuspageFiles)[number]

/** Renders one of these files; always in English, because its words are read by programs. */
export function renderStatuspage(file: StatuspageFile, view: PageView, pageUrl: string): string {
  const page = {
    id: view.id,
    name: view.name,
    url: pageUrl,
    time_zone: view.timeZone,
    updated_at: toTime(view.renderedAtMs),
  }
  const status = {
    indicator: indicators[view.indicator],
    description: pageWords.en.indicator[view.indicator],
  }
  const components = toComponents(view)
  const byId = (ids: readonly string[]) =>
    components.filter((component) => !component.group && ids.includes(component.id))
  const toEntry = (incident: IncidentView) => toIncident(incident, view.id, pageUrl, byId)
  const incidents = view.incidents.map(toEntry)
  const unresolved = view.openIncidents.map(toEntry)
  const planned = view.maintenance.flatMap((window) => toMaintenances(window, view, pageUrl, byId))
  const upcoming = planned.filter((window) => window.status === 'scheduled')
  const active = planned.filter((window) => window.status === 'in_progress')
  switch (file) {
    case 'summary.json':
      return write({ page, components, incidents: unresolved, scheduled_maintenances: planned, status })
    case 'status.json':
      return write({ page, status })
    case 'components.json':
      return write({ page, components })
    case 'incidents.json':
      return write({ page, incidents })
    case 'incidents/unresolved.json':
      return write({ page, incidents: unresolved })
    case 'scheduled-maintenances.json':
      return write({ page, scheduled_maintenances: planned })
    case 'scheduled-maintenances/upcoming.json':
      return write({ page, scheduled_maintenances: upcoming })
    case 'scheduled-maintenances/active.json':
      return write({ page, scheduled_maintenances: active })
  }
}

// There is no word for "nobody has looked": the description says it.
const indicators: Readonly<Record<Indicator, 'none' | 'minor' | 'major' | 'critical' | 'maintenance'>> = {
  none: 'none',
  minor: 'minor',
  degraded: 'minor',
  major: 'major',
  critical: 'critical',
  maintenance: 'maintenance',
  unknown: 'none',
  nothing: 'none',
}

/** What nobody looks at is left out: no reader may be told that it is operational. */
const componentStatuses: Readonly<Record<ComponentState, string | null>> = {
  up: 'operational',
  degraded: 'degraded_performance',
  down: 'major_outage',
  maintenance: 'under_maintenance',
  unknown: null,
  paused: null,
}
const worstFirst: readonly ComponentState[] = ['down', 'degraded', 'maintenance', 'up']

function toComponents({ id: pageId, sections, components }: PageView) {
  const shown = components.filter(({ state }) => componentStatuses[state] !== null)
  const usual = { page_id: pageId, showcase: false, only_show_if_degraded: false, start_date: null }
  const groups = sections.flatMap(({ id, name }) => {
    const members = shown.filter(({ sectionId }) => sectionId === id)
    const worst = worstFirst.find((state) => members.some((member) => member.state === state))
    if (worst === undefined) return []
    return [
      {
        id,
        name,
        description: null,
        group: true,
        group_id: null,
        state: worst,
        components: members.map((member) => member.id),
      },
    ]
  })
  const singles = shown.map(({ id, name, description, sectionId, state }: ComponentView) => ({
    id,
    name,
    description,
    group: false,
    group_id: sectionId,
    state,
  }))
  return [...singles, ...groups].map(({ state, ...component }, index) => ({
    ...component,
    status: componentStatuses[state],
    position: index + 1,
    ...usual,
  }))
}

type FindComponents = (ids: readonly string[]) => readonly object[]

function toIncident(incident: IncidentView, pageId: string, pageUrl: string, byId: FindComponents) {
  const { id, title, impact, startedAtMs, resolvedAtMs, componentId, updates } = incident
  const latest = updates[0]?.phase ?? 'investigating'
  const watched = updates.find(({ phase }) => phase === 'monitoring')
  return {
    id,
    name: title,
    status: resolvedAtMs === null || latest === 'postmortem' ? latest : 'resolved',
    impact,
    created_at: toTime(startedAtMs),
    started_at: toTime(startedAtMs),
    updated_at: toTime(changedAtMs(incident)),
    monitoring_at: watched === undefined ? null : toTime(watched.atMs),
    resolved_at: resolvedAtMs === null ? null : toTime(resolvedAtMs),
    shortlink: `${pageUrl}#incident-${id}`,
    page_id: pageId,
    incident_updates: updates.map((update) => ({
      id: update.id,
      status: update.phase,
      body: update.body,
      incident_id: id,
      created_at: toTime(update.atMs),
      updated_at: toTime(update.atMs),
      display_at: toTime(update.atMs),
    })),
    components: byId(componentId === null ? [] : [componentId]),
  }
}

function toMaintenances(
  { title, componentIds, later, id: firstId, startsAtMs: firstMs, endsAtMs: firstEndMs }: MaintenanceView,
  { id: pageId, renderedAtMs }: PageView,
  pageUrl: string,
  byId: FindComponents,
) {
  const first = { id: firstId, startsAtMs: firstMs, endsAtMs: firstEndMs }
  return [first, ...later].map(({ id, startsAtMs, endsAtMs }) => ({
    id,
    name: title,
    status: startsAtMs <= renderedAtMs ? ('in_progress' as const) : ('scheduled' as const),
    impact: 'maintenance',
    scheduled_for: toTime(startsAtMs),
    scheduled_until: endsAtMs === null ? null : toTime(endsAtMs),
    shortlink: `${pageUrl}#maintenance`,
    page_id: pageId,
    incident_updates: [],
    components: byId(componentIds),
  }))
}

function write(value: object): string {
  return JSON.stringify(value)
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
