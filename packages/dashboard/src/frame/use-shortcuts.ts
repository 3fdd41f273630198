import { useLocation } from 'preact-iso'
import { useEffect, useRef } from 'preact/hooks'
import { at } from '../at.ts'
import { isTyping } from '../parts/table-keys.ts'
import { places } from '../places.tsx'

/** The time limit for the letter after `g`. */
const patienceMs = 1_500

type Shortcuts = { readonly openPalette: () => void; readonly openHelp: () => void }

/** Keyboard shortcuts: Ctrl or ⌘ K, `/`, `?`, and `g` then a letter, except while typing. */
export function useShortcuts({ openPalette, openHelp }: Shortcuts): void {
  const { route } = useLocation()
  const latest = useRef({ route, openPalette, openHelp })
  latest.current = { route, openPalette, openHelp }
  useEffect(() => {
    let pressedAtMs = -Infinity
    const onKeyDown = (event: KeyboardEvent): void => {
      const { key, target } = event
      const isModal = document.querySelector('dialog[open]') !== null
      if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'k') {
        event.preventDefault()
        if (!isModal) latest.current.openPalette()
        return
      }
      if (isModal || event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) return
      const isAfterG = performance.now() - pressedAtMs < patienceMs
      pressedAtMs = -Infinity
      const place = isAfterG ? places.find(({ letter }) => letter === key) : undefined
      if (place !== undefined) latest.current.route(at(place.path))
      else if (key === 'g') pressedAtMs = performance.now()
      else if (key === '?') latest.current.openHelp()
      else if (key === '/') {
        event.preventDefault()
        const field = document.querySelector<HTMLElement>('[data-search]')
        if (field === null) latest.current.openPalette()
        else field.focus()
      }
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}
