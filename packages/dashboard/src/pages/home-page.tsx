import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { at } from '../at.ts'

/** Sends whoever asks for the app alone to its first place. */
export function HomePage() {
  const { route } = useLocation()
  useEffect(() => route(at('/uptime/monitors'), true), [route])
  return null
}
