import { useEffect } from 'preact/hooks'
import { words } from './words.ts'

/** Sets the document title for tabs, history and screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${words.product}`
  }, [title])
}
