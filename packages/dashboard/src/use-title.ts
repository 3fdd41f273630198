import { useEffect } from 'preact/hooks'
import { words } from './words.ts'

/** Names the page for tabs, history and screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${words.product}`
  }, [title])
}
