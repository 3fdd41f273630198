import { useQueryClient } from '@tanstack/react-query'
import type { ComponentType } from 'preact'
import { LocationProvider, Route, Router, useLocation, useRoute } from 'preact-iso'
import { useEffect, useRef, useState } from 'preact/hooks'
import { at } from './at.ts'
import { Frame } from './frame/frame.tsx'
import { lazyPage } from './lazy-page.tsx'
import { HomePage } from './pages/home-page.tsx'
import { LoginPage } from './pages/login-page.tsx'
import { NotFoundPage } from './pages/not-found-page.tsx'
import { places } from './places.tsx'
import { resume, usePerson } from './session.ts'
import { useWaiting } from './wait-out.ts'
import { WaitingBanner, WaitingPage } from './waiting-notice.tsx'

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
const ProvenPage = lazyPage(async () => (await import('./pages/proven-page.tsx')).ProvenPage)
const OwnRecordPage = lazyPage(async () => (await import('./pages/own-record-page.tsx')).OwnRecordPage)
const PartsPage = lazyPage(async () => (await import('./pages/parts-page.tsx')).PartsPage)
const DevicePage = lazyPage(async () => (await import('./pages/device-page.tsx')).DevicePage)

/** Pages for users who are not signed in. */
const doors = new Map<string, ComponentType>([
  [at('/login'), LoginPage],
  [at('/setup'), SetupPage],
  [at('/forgot-password'), ForgotPasswordPage],
  [at('/register'), RegisterPage],
])
/** Pages that links in mails lead to, whoever is signed in. */
const mailed = new Map<string, ComponentType>([
  [at('/reset-password'), ResetPasswordPage],
  [at('/verify-email'), VerifyEmailPage],
  [at('/invite'), InvitationPage],
  [at('/proven'), ProvenPage],
  [at('/own-record'), OwnRecordPage],
])

/** Former paths, which bookmarks and older mails may still use. */
const moved = [
  ['/uptime/channels', '/alerts'],
  ['/webhooks', '/alerts'],
  ['/webhooks/:id', '/alerts/webhooks/:id'],
] as const

function Moved({ to }: { readonly to: string }) {
  const { route } = useLocation()
  const { id = '' } = useRoute().params
  useEffect(() => route(at(to.replace(':id', encodeURIComponent(id))), true), [to, id, route])
  return null
}

export function App() {
  const [isReady, setIsReady] = useState(false)
  useEffect(() => {
    void resume().finally(() => setIsReady(true))
  }, [])
  const waiting = useWaiting()
  if (!isReady) return waiting === undefined ? null : <WaitingPage waiting={waiting} />
  return (
    <LocationProvider scope={at('')}>
      <Doors />
    </LocationProvider>
  )
}

function Doors() {
  const person = usePerson()
  const waiting = useWaiting()
  const { path, route } = useLocation()
  const queries = useQueryClient()
  const isDoor = doors.has(path)
  useEffect(() => {
    if (person !== undefined && isDoor) route(at('/overview'), true)
  }, [person, isDoor, route])
  const identity = `${person?.id}:${person?.teamId}`
  const shown = useRef(identity)
  if (shown.current !== identity) {
    // Cached data of one user or organisation must not be shown to the next, not even on the first render.
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
      {waiting === undefined ? null : <WaitingBanner waiting={waiting} />}
      <Router>
        <Route path={at('')} component={HomePage} />
        {places.flatMap(({ path: place, page, below = {} }) => [
          <Route key={place} path={at(place)} component={page} />,
          ...Object.entries(below).map(([rest, part]) => (
            <Route key={place + rest} path={at(place + rest)} component={part} />
          )),
        ])}
        {moved.map(([from, to]) => (
          <Route key={from} path={at(from)} component={() => <Moved to={to} />} />
        ))}
        <Route path={at('/device')} component={DevicePage} />
        <Route path={at('/parts')} component={PartsPage} />
        <Route default component={NotFoundPage} />
      </Router>
    </Frame>
  )
}
