import { useQueryClient } from '@tanstack/react-query'
import { LocationProvider, Route, Router, useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { Frame } from './frame.tsx'
import { ChannelsPage } from './pages/channels-page.tsx'
import { IncidentsPage } from './pages/incidents-page.tsx'
import { KeysPage } from './pages/keys-page.tsx'
import { LoginPage } from './pages/login-page.tsx'
import { MonitorPage } from './pages/monitor-page.tsx'
import { MonitorsPage } from './pages/monitors-page.tsx'
import { NotFoundPage } from './pages/not-found-page.tsx'
import { SecurityPage } from './pages/security-page.tsx'
import { SetupPage } from './pages/setup-page.tsx'
import { StatusPagesPage } from './pages/status-pages-page.tsx'
import { resume, usePerson } from './session.ts'

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
  const isDoor = path === '/setup' || path === '/login'
  useEffect(() => {
    if (person !== undefined && isDoor) route('/', true)
  }, [person, isDoor, route])
  useEffect(() => {
    // What one person saw is not for the next one at this screen.
    if (person === undefined) queries.clear()
  }, [person, queries])
  if (person === undefined) return path === '/setup' ? <SetupPage /> : <LoginPage />
  return (
    <Frame person={person}>
      <Router>
        <Route path="/" component={MonitorsPage} />
        <Route path="/monitors/:id" component={MonitorPage} />
        <Route path="/incidents" component={IncidentsPage} />
        <Route path="/keys" component={KeysPage} />
        <Route path="/security" component={SecurityPage} />
        <Route path="/channels" component={ChannelsPage} />
        <Route path="/status-pages" component={StatusPagesPage} />
        <Route default component={NotFoundPage} />
      </Router>
    </Frame>
  )
}
