import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { at } from '../at.ts'

/** Sends whoever asks for the app alone to its first place. */
export function HomePage() {
  const { route } = useLocation()
  useEffect(() => route(at('/overview'), true), [route])
  return null
}
