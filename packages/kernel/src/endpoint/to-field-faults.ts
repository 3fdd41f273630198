import type { z } from 'zod'
import type { FieldFault } from '../problem/index.ts'

type Issue = z.core.$ZodIssue

/** A request can have thousands of faults, and nobody reads more than these. */
const faultsMax = 20
const fieldCharactersMax = 200

/** The faults of a request, one per field, as sentences that follow the field's name; at most 20. */
export function toFieldFaults(error: z.ZodError, root: string): readonly FieldFault[] {
  return error.issues
    .slice(0, faultsMax)
    .flatMap((issue) => toFaults(issue, [], root))
    .slice(0, faultsMax)
}

function toFaults(issue: Issue, prefix: readonly PropertyKey[], root: string): readonly FieldFault[] {
  const path = [...prefix, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .slice(0, faultsMax)
      .map((key) => ({ field: toPath([...path, key], root), message: 'is not a known field' }))
  if (issue.code === 'invalid_union') {
    const closest = closestBranch(issue.errors)
    if (closest !== undefined)
      return closest.slice(0, faultsMax).flatMap((inner) => toFaults(inner, path, root))
  }
  if (issue.code === 'invalid_key' && issue.issues[0] !== undefined)
    return [{ field: toPath(path, root), message: toMessage(issue.issues[0]) }]
  return [{ field: toPath(path, root), message: toMessage(issue) }]
}

/** The branch of a union that came nearest to accepting the value: the one that failed deepest, then least often. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches
    .filter((issues) => issues.length > 0)
    .toSorted((a, b) => depthOf(b) - depthOf(a) || a.length - b.length)
    .find((issues) => depthOf(issues) > 0)
}

/** How far into the value the deepest issue lies; a union within the union counts by its own branches. */
function depthOf(issues: readonly Issue[]): number {
  const depths = issues.map((issue) => {
    const inner = issue.code === 'invalid_union' ? issue.errors.map(depthOf) : []
    return issue.path.length + Math.max(0, ...inner)
  })
  return Math.max(...depths)
}

function toPath(path: readonly PropertyKey[], root: string): string {
  let text = ''
  for (const part of path)
    text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`
  return text === '' ? root : text.slice(0, fieldCharactersMax)
}

function toMessage(issue: Issue): string {
  // A message that a schema words itself is used; zod's wording does not follow a field's name.
  if (/^(must|is) /.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'is required'
        : `must be ${article(issue.expected)}`
    case 'too_small':
      return `must be ${bound(issue.origin, 'at least', issue.minimum)}`
    case 'too_big':
      return `must be ${bound(issue.origin, 'at most', issue.maximum)}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return issue.message.startsWith('Invalid') ? `must be a valid ${issue.format}` : issue.message
    case 'not_multiple_of':
      return `must be a multiple of ${String(issue.divisor)}`
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
      return 'has a form that is not accepted here'
    case 'custom':
      return issue.message
  }
}

function article(expected: string): string {
  if (expected === 'int') return 'a whole number'
  return /^[aeio]/.test(expected) ? `an ${expected}` : `a ${expected}`
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string') return `${relation} ${limit} characters long`
  if (origin === 'array' || origin === 'set') return `a list of ${relation} ${limit} entries`
  return `${relation} ${limit}`
}
