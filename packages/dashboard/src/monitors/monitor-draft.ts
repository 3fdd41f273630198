import type { Monitor, MonitorChange, NewMonitor } from '@gatehouse/sdk'
import { textOf, toSent, toTyped, type Typed } from './field-values.ts'
import { configFields, type FieldSpec, type MonitorType, settingFields } from './kind-fields.ts'

/** The form's values, by the path of each field in the body. */
export type Draft = Readonly<Record<string, Typed>>
type Sent = Readonly<Record<string, unknown>>

/** Initial values of a new monitor in the form. */
export type Beginning = { readonly name?: string; readonly config?: Sent } & Partial<
  Pick<Monitor, 'intervalSeconds'>
>

export function toConfigPath({ member }: FieldSpec): string {
  return `config.${member}`
}

export function toDraft(type: MonitorType, held: Sent & { readonly config?: Sent }): Draft {
  return Object.fromEntries([
    ...configFields[type].map((field) => [toConfigPath(field), toTyped(field, held.config ?? {})] as const),
    ...settingFields(type).map((field) => [field.member, toTyped(field, held)] as const),
  ])
}

/** The body that changes a monitor, with only the differing members. Undefined if there are none. */
export function toChange(monitor: Monitor, draft: Draft): MonitorChange | undefined {
  const type = toType(monitor.type)
  const before = toDraft(type, monitor)
  const config = toConfig(type, draft, monitor.config)
  const settings = settingFields(type)
    .filter(({ member }) => !isSame(before[member], draft[member]))
    .map((field) => [field.member, toSetting(field, draft)] as const)
  if (settings.length === 0 && isSame(config, monitor.config)) return undefined
  return { ...Object.fromEntries(settings), ...(isSame(config, monitor.config) ? {} : { config }) }
}

export function toNewMonitor(type: MonitorType, draft: Draft): NewMonitor {
  const settings = settingFields(type).flatMap((field) => {
    const value = toSetting(field, draft)
    return value === null || value === undefined || value === '' ? [] : [[field.member, value] as const]
  })
  const body = { type, ...Object.fromEntries(settings), config: toConfig(type, draft, {}) }
  // Safe: the server validates every member by its schema, and errors are shown at the field.
  return body as NewMonitor
}

/** Whether the form supports this type; a type of a newer server can only be displayed. */
export function isKnownType(type: string): type is MonitorType {
  return Object.hasOwn(configFields, type)
}

function toType(type: string): MonitorType {
  if (!isKnownType(type)) throw new Error(`There is no form for ${type}`)
  return type
}

/** Unchanged members keep their value and position, as do members that the form does not know. */
function toConfig(type: MonitorType, draft: Draft, before: Sent): Sent {
  const sent: Record<string, unknown> = { ...before }
  for (const field of configFields[type]) {
    const typed = draft[toConfigPath(field)] ?? ''
    if (!isSame(typed, toTyped(field, before))) Object.assign(sent, toSent(field, typed))
  }
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined))
}

function toSetting(field: FieldSpec, draft: Draft): unknown {
  const { member, control, isOptional } = field
  const typed = draft[member] ?? ''
  if (control.kind === 'tick') return typed === true
  const value = toSent(field, typed)[member]
  // An empty optional setting is sent as null; a required one is sent empty and refused.
  if (value !== undefined) return value
  return isOptional === true ? null : textOf(typed)
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
