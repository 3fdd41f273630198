import { useQueryClient } from '@tanstack/react-query'
import type { ComponentType } from 'preact'
import { LocationProvider, Route, Router, useLocation } from 'preact-iso'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Frame } from './frame.tsx'
import { lazyPage } from './lazy-page.tsx'
import { ChannelsPage } from './pages/channels-page.tsx'
import { IncidentsPage } from './pages/incidents-page.tsx'
import { LoginPage } from './pages/login-page.tsx'
import { MonitorPage } from './pages/monitor-page.tsx'
import { MonitorsPage } from './pages/monitors-page.tsx'
import { NotFoundPage } from './pages/not-found-page.tsx'
import { StatusPagesPage } from './pages/status-pages-page.tsx'
import { resume, usePerson } from './session.ts'

const SetupPage = lazyPage(async () => (await import('./pages/setup-page.tsx')).SetupPage)
const ForgotPasswordPage = lazyPage(
  async () => (await import('./pages/forgot-password-page.tsx')).ForgotPasswordPage,
)
const RegisterPage = lazyPage(async () => (await import('./pages/register-page.tsx')).RegisterPage)
const ResetPasswordPage = lazyPage(
  async () => (await import('./pages/reset-password-page.tsx')).ResetPasswordPage,
)
const VerifyEmailPage = lazyPage(async () => (await import('./pages/verify-email-page.tsx')).VerifyEmailPage)
const InvitationPage = lazyPage(async () => (await import('./pages/invitation-page.tsx')).InvitationPage)
const AccountPage = lazyPage(async () => (await import('./pages/account-page.tsx')).AccountPage)
const SecurityPage = lazyPage(async () => (await import('./pages/security-page.tsx')).SecurityPage)
const KeysPage = lazyPage(async () => (await import('./pages/keys-page.tsx')).KeysPage)
const TeamPage = lazyPage(async () => (await import('./pages/team-page.tsx')).TeamPage)
const WebhooksPage = lazyPage(async () => (await import('./pages/webhooks-page.tsx')).WebhooksPage)
const WebhookPage = lazyPage(async () => (await import('./pages/webhook-page.tsx')).WebhookPage)
const AuditPage = lazyPage(async () => (await import('./pages/audit-page.tsx')).AuditPage)
const UsagePage = lazyPage(async () => (await import('./pages/usage-page.tsx')).UsagePage)
const AdminPage = lazyPage(async () => (await import('./pages/admin-page.tsx')).AdminPage)
const DevicePage = lazyPage(async () => (await import('./pages/device-page.tsx')).DevicePage)

/** Ways in, for nobody who is in already. */
const doors = new Map<string, ComponentType>([
  ['/login', LoginPage],
  ['/setup', SetupPage],
  ['/forgot-password', ForgotPasswordPage],
  ['/register', RegisterPage],
])
/** Where links of mails lead, whoever is signed in. */
const mailed = new Map<string, ComponentType>([
  ['/reset-password', ResetPasswordPage],
  ['/verify-email', VerifyEmailPage],
  ['/invite', InvitationPage],
])

export function App() {
  const [isReady, setIsReady] = useState(false)
  useEffect(() => {
    void resume().finally(() => setIsReady(true))
  }, [])
  if (!isReady) return null
  return (
    <LocationProvider>
      <Doors />
    </LocationProvider>
  )
}

function Doors() {
  const person = usePerson()
  const { path, route } = useLocation()
  const queries = useQueryClient()
  const isDoor = doors.has(path)
  useEffect(() => {
    if (person !== undefined && isDoor) route('/', true)
  }, [person, isDoor, route])
  const identity = `${person?.id}:${person?.teamId}`
  const shown = useRef(identity)
  if (shown.current !== identity) {
    // What one person saw, or in one organisation, is not for the next; and no page may begin with it.
    shown.current = identity
    queries.getQueryCache().clear()
  }
  const MailedPage = mailed.get(path)
  if (MailedPage !== undefined) return <MailedPage />
  if (person === undefined) {
    const DoorPage = doors.get(path) ?? LoginPage
    return <DoorPage />
  }
  return (
    <Frame key={identity} person={person}>
      <Router>
        <Route path="/" component={MonitorsPage} />
        <Route path="/monitors/:id" component={MonitorPage} />
        <Route path="/incidents" component={IncidentsPage} />
        <Route path="/keys" component={KeysPage} />
        <Route path="/team" component={TeamPage} />
        <Route path="/webhooks" component={WebhooksPage} />
        <Route path="/webhooks/:id" component={WebhookPage} />
        <Route path="/audit" component={AuditPage} />
        <Route path="/usage" component={UsagePage} />
        <Route path="/admin" component={AdminPage} />
        <Route path="/account" component={AccountPage} />
        <Route path="/account/security" component={SecurityPage} />
        <Route path="/device" component={DevicePage} />
        <Route path="/channels" component={ChannelsPage} />
        <Route path="/status-pages" component={StatusPagesPage} />
        <Route default component={NotFoundPage} />
      </Router>
    </Frame>
  )
}
