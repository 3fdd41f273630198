const fault = /^([\w.[\]-]+): (.+)$/

/**
 * Splits a refusal such as `name: is required; config.url: must be a valid url` by field. Undefined if a part of it
 * is about no field.
 */
export function toFieldFaults(message: string): ReadonlyMap<string, string> | undefined {
  const faults = message.split(/; (?=[\w.[\]-]+: )/).map((part) => fault.exec(part))
  const named = faults.flatMap((match) => (match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const]))
  return named.length === faults.length && named.length > 0 ? new Map(named) : undefined
}

/** The field that shows errors about a member: its own field, or one for an object that contains it. */
export function toField(path: string, shown: Iterable<string>): string | undefined {
  return [...shown].filter((name) => isOf(path, name)).toSorted((a, b) => b.length - a.length)[0]
}

function isOf(path: string, name: string): boolean {
  if (path === name || path.endsWith(`.${name}`)) return true
  return path.startsWith(`${name}.`) || path.startsWith(`${name}[`)
}
