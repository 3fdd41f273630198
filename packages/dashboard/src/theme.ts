import { useEffect, useState } from 'preact/hooks'

export const themes = ['light', 'dark', 'system'] as const
export type Theme = (typeof themes)[number]

const item = 'gatehouse-theme'
const listeners = new Set<() => void>()
addEventListener('storage', ({ key }) => {
  if (key === item) showTheme()
})

/** Applies the chosen theme to the page; without one, the system's theme is used. */
export function showTheme(): void {
  const theme = readTheme()
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  for (const tell of listeners) tell()
}

/** Stores the account's theme, so that the next start of the app uses it from the first paint. */
export function keepTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(item)
  else localStorage.setItem(item, theme)
  showTheme()
}

export function useTheme(): Theme {
  const [theme, setTheme] = useState(readTheme)
  useEffect(() => {
    const tell = (): void => setTheme(readTheme())
    listeners.add(tell)
    return () => void listeners.delete(tell)
  }, [])
  return theme
}

function readTheme(): Theme {
  const stored = localStorage.getItem(item)
  return themes.find((theme) => theme === stored) ?? 'system'
}
