import type { Control, FieldSpec } from './kind-fields.ts'

export type Cells = Readonly<Record<string, string>>
/** The value of a control. */
export type Typed = string | boolean | Cells | readonly Cells[]
type Sent = Readonly<Record<string, unknown>>

/** The value that a control shows for a config or a monitor's settings. */
export function toTyped({ member, control }: FieldSpec, held: Sent): Typed {
  const value = held[member]
  switch (control.kind) {
    case 'text':
    case 'url':
    case 'block':
    case 'number':
    case 'page':
      return scalarOf(value)
    case 'choice':
      return typeof value === 'string' ? value : (control.options[0] ?? '')
    case 'tick':
      return value === undefined ? control.isOnWhenAbsent : value === true || value === 1
    case 'labels':
      return listOf(value).join(', ')
    case 'statuses':
      return listOf(held['expectedStatuses']).join(', ') || scalarOf(value)
    case 'rows':
      return control.isObject === true ? toPairs(value) : listOf(value).map(toCells)
    case 'auth':
      return toAuthCells(value)
  }
}

/** The members sent for a control; undefined ones are omitted. */
export function toSent({ member, control }: FieldSpec, typed: Typed): Sent {
  switch (control.kind) {
    case 'text':
    case 'url':
    case 'choice':
    case 'page':
      return { [member]: orNothing(textOf(typed).trim()) }
    case 'block':
      return { [member]: orNothing(textOf(typed)) }
    case 'number':
      return { [member]: toNumber(textOf(typed)) }
    case 'tick':
      // A default value is not sent, because some clients compare a config member by member.
      return { [member]: typed === control.isOnWhenAbsent ? undefined : typed === true }
    case 'labels':
      return { [member]: toParts(textOf(typed)) }
    case 'statuses':
      return toStatuses(textOf(typed))
    case 'rows':
      return { [member]: toRows(control, rowsOf(typed)) }
    case 'auth':
      return { [member]: toAuth(cellsOf(typed)) }
  }
}

export function textOf(typed: Typed | undefined): string {
  return typeof typed === 'string' ? typed : ''
}

export function rowsOf(typed: Typed | undefined): readonly Cells[] {
  return isRows(typed) ? typed : []
}

export function cellsOf(typed: Typed | undefined): Cells {
  return typeof typed === 'object' && !isRows(typed) ? typed : {}
}

function isRows(typed: Typed | undefined): typed is readonly Cells[] {
  return Array.isArray(typed)
}

function scalarOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function orNothing(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** Text that is not a number is sent unchanged, so that the error names the field and its range. */
function toNumber(text: string): number | string | undefined {
  const typed = text.trim()
  if (typed === '') return undefined
  return Number.isNaN(Number(typed)) ? typed : Number(typed)
}

function toParts(text: string): readonly string[] {
  return text
    .split(/[,、\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function toStatuses(text: string): Sent {
  const parts = toParts(text)
  const [first = ''] = parts
  const isOne = parts.length === 1 && /^\d+$/.test(first)
  if (parts.length === 0 || isOne)
    return { expectedStatus: isOne ? Number(first) : undefined, expectedStatuses: undefined }
  return { expectedStatus: undefined, expectedStatuses: parts }
}

function toRows({ columns, isObject }: Extract<Control, { kind: 'rows' }>, rows: readonly Cells[]): unknown {
  const [first] = columns
  const filled = rows.filter((row) =>
    columns.some(({ name, options }) => !options && (row[name] ?? '') !== ''),
  )
  if (filled.length === 0 || first === undefined) return undefined
  if (isObject === true)
    return Object.fromEntries(filled.map((row) => [(row['name'] ?? '').trim(), row['value'] ?? '']))
  return filled.map(({ path = '', op = 'eq', value = '' }) => ({
    path: path.trim(),
    op,
    ...(op === 'exists' ? {} : { value: toJsonValue(value) }),
  }))
}

/** `3`, `true` and `null` are parsed as JSON, everything else is text; quotes make any value text. */
function toJsonValue(text: string): string | number | boolean | null {
  try {
    const value: unknown = JSON.parse(text)
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value))
      // Safe: the previous line checks for these types.
      return value as string | number | boolean | null
  } catch {
    // Text without quotes is not JSON.
  }
  return text
}

function toShownValue(value: unknown): string {
  if (typeof value !== 'string') return value === undefined ? '' : JSON.stringify(value)
  return toJsonValue(value) === value ? value : JSON.stringify(value)
}

function toCells(row: unknown): Cells {
  const { path, op, value } = membersOf(row)
  return { path: scalarOf(path), op: scalarOf(op), value: toShownValue(value) }
}

function toPairs(value: unknown): readonly Cells[] {
  return Object.entries(membersOf(value)).map(([name, content]) => ({ name, value: scalarOf(content) }))
}

function toAuthCells(value: unknown): Cells {
  const given = membersOf(value)
  return { way: 'set' in given ? 'kept' : 'none' }
}

function toAuth({ way, user = '', password = '', token = '', name = '', value = '' }: Cells): unknown {
  if (way === 'kept') return { set: true }
  if (way === 'basic') return { basic: { user, password } }
  if (way === 'bearer') return { bearer: token }
  if (way === 'header') return { header: { name, value } }
  return undefined
}

function membersOf(value: unknown): Sent {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
