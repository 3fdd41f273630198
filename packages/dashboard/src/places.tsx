import type { ComponentType } from 'preact'
import type { IconName } from './frame/icon.tsx'
import { lazyPage } from './lazy-page.tsx'
import { MonitorsPage } from './pages/monitors-page.tsx'
import { words } from './words.ts'
import { accountWords } from './words/account-words.ts'
import { frameWords } from './words/frame-words.ts'
import { placeWords } from './words/place-words.ts'

export const services = ['uptime', 'oversight', 'volatility'] as const
export type Group = 'overview' | (typeof services)[number] | 'shared' | 'settings' | 'person'

/** A page with an entry in the side bar, the command palette, the top line and, if marked, the phone bar. */
export type Place = {
  readonly path: string
  readonly name: string
  readonly group: Group
  readonly icon: IconName
  readonly page: ComponentType
  /** Subpages, by the rest of their path. */
  readonly below?: Readonly<Record<string, ComponentType>>
  /** The key that opens it after `g`. */
  readonly letter?: string
  readonly isOnPhone?: true
  /** Who sees the entry; everybody if absent. Permissions are enforced by the server. */
  readonly audience?: 'owners' | 'members' | 'instance admins'
}

const nav = words.nav
const MonitorPage = lazyPage(async () => (await import('./pages/monitor-page.tsx')).MonitorPage)
const IncidentsPage = lazyPage(async () => (await import('./pages/incidents-page.tsx')).IncidentsPage)
const IncidentPage = lazyPage(async () => (await import('./pages/incident-page.tsx')).IncidentPage)
const MaintenancePage = lazyPage(async () => (await import('./pages/maintenance-page.tsx')).MaintenancePage)
const StatusPagesPage = lazyPage(async () => (await import('./pages/status-pages-page.tsx')).StatusPagesPage)
const StatusPagePage = lazyPage(async () => (await import('./pages/status-page-page.tsx')).StatusPagePage)
const KeysPage = lazyPage(async () => (await import('./pages/keys-page.tsx')).KeysPage)
const TeamPage = lazyPage(async () => (await import('./pages/team-page.tsx')).TeamPage)
const AlertsPage = lazyPage(async () => (await import('./pages/alerts-page.tsx')).AlertsPage)
const WebhookPage = lazyPage(async () => (await import('./pages/webhook-page.tsx')).WebhookPage)
const AuditPage = lazyPage(async () => (await import('./pages/audit-page.tsx')).AuditPage)
const UsagePage = lazyPage(async () => (await import('./pages/usage-page.tsx')).UsagePage)
const AdminPage = lazyPage(async () => (await import('./pages/admin-page.tsx')).AdminPage)
const SecurityIncidentsPage = lazyPage(
  async () => (await import('./pages/security-incidents-page.tsx')).SecurityIncidentsPage,
)
const SecurityIncidentPage = lazyPage(
  async () => (await import('./pages/security-incident-page.tsx')).SecurityIncidentPage,
)
const DisclosurePage = lazyPage(async () => (await import('./pages/disclosure-page.tsx')).DisclosurePage)
const RefusedCallsPage = lazyPage(
  async () => (await import('./pages/refused-calls-page.tsx')).RefusedCallsPage,
)
const OversightRulesPage = lazyPage(
  async () => (await import('./pages/oversight-rules-page.tsx')).OversightRulesPage,
)
const SingleSignOnPage = lazyPage(
  async () => (await import('./pages/single-sign-on-page.tsx')).SingleSignOnPage,
)
const AccountPage = lazyPage(async () => (await import('./pages/account-page.tsx')).AccountPage)
const SecurityPage = lazyPage(async () => (await import('./pages/security-page.tsx')).SecurityPage)

const OversightPage = lazyPage(async () => (await import('./pages/oversight-page.tsx')).OversightPage)
const OperatorsPage = lazyPage(async () => (await import('./pages/operators-page.tsx')).OperatorsPage)
const OperatorPage = lazyPage(async () => (await import('./pages/operator-page.tsx')).OperatorPage)
const DecisionsPage = lazyPage(async () => (await import('./pages/decisions-page.tsx')).DecisionsPage)
const DecisionPage = lazyPage(async () => (await import('./pages/decision-page.tsx')).DecisionPage)
const ReportsPage = lazyPage(async () => (await import('./pages/reports-page.tsx')).ReportsPage)
const ImportsPage = lazyPage(async () => (await import('./pages/imports-page.tsx')).ImportsPage)
const OversightAlertsPage = lazyPage(
  async () => (await import('./pages/oversight-alerts-page.tsx')).OversightAlertsPage,
)
const BoardPage = lazyPage(async () => (await import('./pages/board-page.tsx')).BoardPage)
const SymbolPage = lazyPage(async () => (await import('./pages/symbol-page.tsx')).SymbolPage)
const TransitionsPage = lazyPage(async () => (await import('./pages/transitions-page.tsx')).TransitionsPage)
const PresetsPage = lazyPage(async () => (await import('./pages/presets-page.tsx')).PresetsPage)
const OverviewPage = lazyPage(async () => (await import('./pages/overview-page.tsx')).OverviewPage)
const PosturePage = lazyPage(async () => (await import('./pages/posture-page.tsx')).PosturePage)
const PlanPage = lazyPage(async () => (await import('./pages/plan-page.tsx')).PlanPage)
const QualityPage = lazyPage(async () => (await import('./pages/quality-page.tsx')).QualityPage)

// One line defines a page: router, side bar, top line, palette and phone bar are derived from it, so long lines are
// accepted.
/* oxfmt-ignore */
export const places: readonly Place[] = [
  { group: 'overview', path: '/overview', name: placeWords.overview, icon: 'home', page: OverviewPage, letter: 'h', isOnPhone: true },
  { group: 'uptime', path: '/uptime/monitors', name: nav.monitors, icon: 'pulse', page: MonitorsPage, below: { '/:id': MonitorPage }, letter: 'm' },
  { group: 'uptime', path: '/uptime/incidents', name: nav.incidents, icon: 'alert', page: IncidentsPage, below: { '/:id': IncidentPage }, letter: 'i', isOnPhone: true },
  { group: 'uptime', path: '/uptime/maintenance', name: placeWords.maintenance, icon: 'calendar', page: MaintenancePage, letter: 'n' },
  { group: 'uptime', path: '/uptime/status-pages', name: nav.statusPages, icon: 'globe', page: StatusPagesPage, below: { '/:id': StatusPagePage }, letter: 's' },
  { group: 'oversight', path: '/oversight/organisation', name: placeWords.organisation, icon: 'eye', page: OversightPage, letter: 'o' },
  { group: 'oversight', path: '/oversight/operators', name: placeWords.operators, icon: 'people', page: OperatorsPage, below: { '/:id': OperatorPage }, letter: 'p', audience: 'members' },
  { group: 'oversight', path: '/oversight/decisions', name: placeWords.decisions, icon: 'inbox', page: DecisionsPage, below: { '/:id': DecisionPage }, letter: 'd', audience: 'members' },
  { group: 'oversight', path: '/oversight/reports', name: placeWords.reports, icon: 'report', page: ReportsPage, letter: 'r', audience: 'members' },
  { group: 'oversight', path: '/oversight/imports', name: placeWords.imports, icon: 'server', page: ImportsPage, audience: 'members' },
  { group: 'oversight', path: '/oversight/alerts', name: placeWords.oversightAlerts, icon: 'bell', page: OversightAlertsPage, audience: 'members' },
  { group: 'oversight', path: '/oversight/rules', name: placeWords.rules, icon: 'sliders', page: OversightRulesPage, audience: 'members' },
  { group: 'volatility', path: '/volatility/board', name: placeWords.board, icon: 'candles', page: BoardPage, letter: 'b' },
  { group: 'volatility', path: '/volatility/symbol', name: placeWords.symbol, icon: 'wave', page: SymbolPage, below: { '/:symbol': SymbolPage }, letter: 'y' },
  { group: 'volatility', path: '/volatility/transitions', name: placeWords.transitions, icon: 'switch', page: TransitionsPage },
  { group: 'volatility', path: '/volatility/presets', name: placeWords.presets, icon: 'sliders', page: PresetsPage },
  { group: 'volatility', path: '/volatility/quality', name: placeWords.quality, icon: 'scale', page: QualityPage },
  { group: 'volatility', path: '/volatility/plan', name: placeWords.plan, icon: 'card', page: PlanPage, audience: 'owners' },
  { group: 'shared', path: '/alerts', name: placeWords.alerts, icon: 'bell', page: AlertsPage, below: { '/deliveries': AlertsPage, '/webhooks/:id': WebhookPage }, letter: 'c', isOnPhone: true },
  { group: 'shared', path: '/posture', name: placeWords.posture, icon: 'shield', page: PosturePage, letter: 'x' },
  { group: 'shared', path: '/audit', name: nav.audit, icon: 'scroll', page: AuditPage, letter: 'a' },
  { group: 'settings', path: '/team', name: nav.team, icon: 'people', page: TeamPage, letter: 't' },
  { group: 'settings', path: '/keys', name: nav.keys, icon: 'key', page: KeysPage, letter: 'k' },
  { group: 'settings', path: '/usage', name: nav.usage, icon: 'bars', page: UsagePage, letter: 'u' },
  { group: 'settings', path: '/team/single-sign-on', name: frameWords.singleSignOn, icon: 'door', page: SingleSignOnPage, audience: 'owners' },
  { group: 'settings', path: '/admin/security-incidents', name: placeWords.securityIncidents, icon: 'alert', page: SecurityIncidentsPage, below: { '/:id': SecurityIncidentPage }, audience: 'instance admins' },
  { group: 'settings', path: '/admin/disclosure', name: placeWords.reportedWeaknesses, icon: 'inbox', page: DisclosurePage, audience: 'instance admins' },
  { group: 'settings', path: '/admin/refusals', name: placeWords.refusedCalls, icon: 'shield', page: RefusedCallsPage, audience: 'instance admins' },
  { group: 'settings', path: '/admin', name: nav.administration, icon: 'server', page: AdminPage, audience: 'instance admins' },
  { group: 'person', path: '/account', name: accountWords.title, icon: 'person', page: AccountPage },
  { group: 'person', path: '/account/security', name: nav.security, icon: 'shield', page: SecurityPage },
]

/** The place for a path: the page itself, or the one that it is below. */
export function toPlace(path: string): Place | undefined {
  return (
    places.find((place) => place.path === path) ?? places.find((place) => path.startsWith(`${place.path}/`))
  )
}
