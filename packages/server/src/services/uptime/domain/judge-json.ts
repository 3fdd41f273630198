/** One assertion on a JSON response: the member at `path`, such as `a.b[0].c`, compared with `value`. */
export type JsonCheck = {
  readonly path: string
  /** `exists` asserts that the member exists or, with the value false, that it does not. */
  readonly op: 'eq' | 'ne' | 'lt' | 'gt' | 'exists'
  readonly value?: string | number | boolean | null | undefined
}

/** The first assertion that fails, and the value found instead. */
export type JsonFault =
  | { readonly path: string; readonly value: string }
  | { readonly path: string; readonly problem: 'missing' | 'not_json' }

const shownCharactersMax = 100

export function judgeJson(text: string, checks: readonly JsonCheck[]): JsonFault | undefined {
  const [first] = checks
  if (first === undefined) return undefined
  const document = parseDocument(text)
  if (document === undefined) return { path: first.path, problem: 'not_json' }
  const failed = checks.find((check) => !holds(readPath(document.value, check.path), check))
  if (failed === undefined) return undefined
  const found = readPath(document.value, failed.path)
  return found === undefined
    ? { path: failed.path, problem: 'missing' }
    : { path: failed.path, value: toShown(found) }
}

/** The own member at a path such as `a.b[0].c`; undefined if there is none. */
export function readPath(document: unknown, path: string): unknown {
  let value = document
  for (const [step] of path.matchAll(/[^.[\]]+/g)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    // Safe: an own member of a parsed JSON document, arrays included.
    value = (value as Record<string, unknown>)[step]
  }
  return value
}

function parseDocument(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function holds(found: unknown, { op, value }: JsonCheck): boolean {
  switch (op) {
    case 'exists':
      return (found !== undefined) === (value !== false)
    case 'eq':
      return found !== undefined && found === value
    case 'ne':
      return found !== value
    case 'lt':
      return typeof found === 'number' && typeof value === 'number' && found < value
    case 'gt':
      return typeof found === 'number' && typeof value === 'number' && found > value
  }
}

function toShown(found: unknown): string {
  const text = typeof found === 'string' ? found : JSON.stringify(found)
  if (text.length <= shownCharactersMax) return text
  // Half of a surrogate pair at the cut would not be a character.
  return `${text.slice(0, shownCharactersMax).replace(/[\uD800-\uDBFF]$/, '')}…`
}
