import { at } from './at.ts'

/** Converts a browser path to a path in the table of places. */
export function toAppPath(path: string): string {
  const root = at('')
  return path.startsWith(root) ? path.slice(root.length) : path
}
