import type { Html } from '@gatehouse/kernel/endpoint'
import { marked } from 'marked'

export function renderMarkdown(text: string): Html {
  const markup = marked.parse(text, { async: false })
  // Safe: the text is this repository's own, and what a caller sent is in none of it.
  return { markup } as Html
}
