import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { at } from '../at.ts'

/** Redirects from the app's root to its first page. */
export function HomePage() {
  const { route } = useLocation()
  useEffect(() => route(at('/overview'), true), [route])
  return null
}
