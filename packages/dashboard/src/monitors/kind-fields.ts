import type { NewMonitor } from '@gatehouse/sdk'

export type MonitorType = NewMonitor['type']
export type Unit = 'seconds' | 'milliseconds' | 'minutes' | 'times'
export type RowColumn = { readonly name: string; readonly options?: readonly string[] }

/** The kind of input; `field-values.ts` converts its value to what is sent. */
export type Control =
  | { readonly kind: 'text' | 'url' | 'block' | 'statuses' | 'labels' | 'auth' | 'page' }
  | { readonly kind: 'number'; readonly unit?: Unit }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'tick'; readonly isOnWhenAbsent: boolean }
  /** With `isObject`, the rows are sent as one object whose keys are the first column. */
  | { readonly kind: 'rows'; readonly columns: readonly RowColumn[]; readonly isObject?: true }

/** Members of a monitor or its config; each has a label in the texts of monitors. */
type Member =
  | 'name'
  | 'url'
  | 'hostname'
  | 'port'
  | 'method'
  | 'expectedStatus'
  | 'timeoutMs'
  | 'headers'
  | 'keyword'
  | 'keywordMustExist'
  | 'body'
  | 'contentType'
  | 'auth'
  | 'jsonChecks'
  | 'tlsVerify'
  | 'periodSeconds'
  | 'graceSeconds'
  | 'maxRunSeconds'
  | 'intervalSeconds'
  | 'downThreshold'
  | 'upThreshold'
  | 'confirmSpacingSeconds'
  | 'degradedAfterMs'
  | 'notifyDegraded'
  | 'renotifyMinutes'
  | 'isActive'
  | 'serviceId'
  | 'tags'

export type FieldSpec = {
  readonly member: Member
  /** Other members of the body that the same control sets. */
  readonly also?: readonly string[]
  readonly control: Control
  /** May be empty: a setting is then sent as null, a member of a config is omitted. */
  readonly isOptional?: true
  /** Shown in the collapsed part, because few users change it. */
  readonly isRare?: true
}

const number = (unit?: Unit): Control => ({ kind: 'number', ...(unit === undefined ? {} : { unit }) })
const timeout: FieldSpec = {
  member: 'timeoutMs',
  control: number('milliseconds'),
  isRare: true,
  isOptional: true,
}
const hostname: FieldSpec = { member: 'hostname', control: { kind: 'text' } }
const operators = ['eq', 'ne', 'lt', 'gt', 'exists'] as const

/** The config fields of each type of monitor. A new type on the server needs its table here. */
export const configFields: Readonly<Record<MonitorType, readonly FieldSpec[]>> = {
  http: [
    { member: 'url', control: { kind: 'url' } },
    { member: 'method', control: { kind: 'choice', options: ['GET', 'HEAD', 'POST'] } },
    { member: 'expectedStatus', also: ['expectedStatuses'], control: { kind: 'statuses' }, isOptional: true },
    { member: 'keyword', control: { kind: 'text' }, isOptional: true },
    { member: 'keywordMustExist', control: { kind: 'tick', isOnWhenAbsent: true } },
    { member: 'auth', control: { kind: 'auth' }, isOptional: true },
    { member: 'tlsVerify', control: { kind: 'tick', isOnWhenAbsent: true }, isRare: true },
    timeout,
    {
      member: 'headers',
      control: { kind: 'rows', columns: [{ name: 'name' }, { name: 'value' }], isObject: true },
      isRare: true,
    },
    { member: 'body', control: { kind: 'block' }, isOptional: true, isRare: true },
    { member: 'contentType', control: { kind: 'text' }, isOptional: true, isRare: true },
    {
      member: 'jsonChecks',
      control: {
        kind: 'rows',
        columns: [{ name: 'path' }, { name: 'op', options: operators }, { name: 'value' }],
      },
      isRare: true,
    },
  ],
  tcp: [hostname, { member: 'port', control: number() }, timeout],
  ping: [hostname, { member: 'port', control: number(), isOptional: true }, timeout],
  heartbeat: [
    { member: 'periodSeconds', control: number('seconds'), isOptional: true },
    { member: 'graceSeconds', control: number('seconds') },
    { member: 'maxRunSeconds', control: number('seconds'), isOptional: true, isRare: true },
  ],
}

/** Fields of every monitor. */
const shared: readonly FieldSpec[] = [
  { member: 'renotifyMinutes', control: number('minutes') },
  { member: 'isActive', control: { kind: 'tick', isOnWhenAbsent: true } },
]

/** Fields for when a failure counts; only for monitors that are checked, not for those that are pinged. */
const looking: readonly FieldSpec[] = [
  { member: 'intervalSeconds', control: number('seconds') },
  { member: 'downThreshold', control: number('times') },
  { member: 'upThreshold', control: number('times') },
  { member: 'confirmSpacingSeconds', control: number('seconds'), isOptional: true },
  { member: 'degradedAfterMs', control: number('milliseconds'), isOptional: true },
  { member: 'notifyDegraded', control: { kind: 'tick', isOnWhenAbsent: false } },
]

export function alarmFields(type: MonitorType): readonly FieldSpec[] {
  return type === 'heartbeat' ? shared : [...looking, ...shared]
}

/** Fields for finding a monitor, and for its status page. */
export const placeFields: readonly FieldSpec[] = [
  { member: 'serviceId', control: { kind: 'page' } },
  { member: 'tags', control: { kind: 'labels' }, isOptional: true },
]

export const nameField: FieldSpec = { member: 'name', control: { kind: 'text' } }

export function settingFields(type: MonitorType): readonly FieldSpec[] {
  return [nameField, ...alarmFields(type), ...placeFields]
}
