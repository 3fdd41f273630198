import { at } from './at.ts'

/** What the table of places calls a path of the browser. */
export function toAppPath(path: string): string {
  const root = at('')
  return path.startsWith(root) ? path.slice(root.length) : path
}
