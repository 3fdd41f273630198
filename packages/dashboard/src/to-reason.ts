import type { Check, Incident, Monitor, Reason } from '@gatehouse/sdk'
import { toFull } from './to-exact.ts'
import { monitorWords } from './words/monitor-words.ts'
import { reasonWords, type ReasonWords } from './words/reason-words.ts'

/** The members of values that choose among the sentences of a code. */
const kinds = ['fault', 'during', 'problem'] as const

/**
 * A reason as a sentence of `said`. Undefined for a code, a kind or a value of another version: the server's own sentence
 * is shown then.
 */
export function toReason({ code, values }: Reason, said: ReasonWords = reasonWords): string | undefined {
  const kind = kinds.map((member) => values[member]).find((value) => value !== undefined)
  const variant = kind ?? (values['truncated'] === undefined ? undefined : 'truncated')
  const key = variant === undefined ? code : `${code}.${variant}`
  const template = Object.hasOwn(said, key) ? said[key] : undefined
  return template === undefined ? undefined : fill(template, toShown(values))
}

/** The last error of a monitor in the language of the screen; null if there is none. */
export function toLastError({
  lastErrorMessage,
  lastErrorReason,
}: Pick<Monitor, 'lastErrorMessage' | 'lastErrorReason'>): string | null {
  return sayOr(lastErrorMessage, lastErrorReason)
}

/** The cause of an incident; what a person wrote stays as it is. */
export function toCause({ cause, causeReason }: Pick<Incident, 'cause' | 'causeReason'>): string | null {
  return sayOr(cause, causeReason)
}

/** Why a check was not simply successful; null if it was. */
export function toCheckMessage({
  code,
  values,
  message,
}: Pick<Check, 'code' | 'values' | 'message'>): string | null {
  return sayOr(message, code === null ? null : { code, values })
}

function sayOr(sentence: string | null, reason: Reason | null): string | null {
  return (reason === null ? undefined : toReason(reason)) ?? sentence
}

/** Fills a template in one pass, so that a value is never taken for a part of it. */
function fill(template: string, shown: ReadonlyMap<string, string>): string | undefined {
  const missing: string[] = []
  const text = template.replaceAll(
    /\[([^\]]*)\]|\{(\w+)\}/g,
    (_all, part: string | undefined, name: string) => {
      if (part !== undefined) return fill(part, shown) ?? ''
      const value = shown.get(name)
      if (value === undefined) missing.push(name)
      return value ?? ''
    },
  )
  return missing.length === 0 ? text : undefined
}

/** The values for a screen: times in the account's zone, settings by their labels. */
function toShown(values: Reason['values']): ReadonlyMap<string, string> {
  const shown = new Map(Object.entries(values).map(([name, value]) => [name, String(value)]))
  const { ip, port, lastMs, dueMs } = values
  if (ip !== undefined && port !== undefined)
    shown.set('place', String(ip).includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)
  if (typeof lastMs === 'number') shown.set('last', toFull(lastMs))
  if (typeof dueMs === 'number') shown.set('due', toFull(dueMs))
  const label = toLabel(shown.get('field'))
  if (label === undefined) shown.delete('field')
  else shown.set('field', label)
  return shown
}

/** The label of a setting such as `jsonChecks.0.path`. */
function toLabel(path: string | undefined): string | undefined {
  const labels: Readonly<Record<string, string>> = monitorWords.fields
  const [member = ''] = (path ?? '').split('.')
  return Object.hasOwn(labels, member) ? labels[member] : undefined
}
