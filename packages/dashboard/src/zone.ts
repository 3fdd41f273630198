import { locale } from './language.ts'

let chosen: string | undefined

/** The time zone for display: the account's choice, else the browser's. */
export function zoneInUse(): string {
  return chosen ?? browserZone()
}

export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Null: the browser's zone, which is also used for a zone that this browser does not know. */
export function showInZone(zone: string | null): void {
  chosen = zone !== null && isKnown(zone) ? zone : undefined
}

/**
 * The only way to format a moment: in the screen's language and the current zone. `at` is ISO 8601, or Unix
 * milliseconds.
 */
export function inZone(options: Intl.DateTimeFormatOptions): (at: string | number) => string {
  let made: { readonly zone: string; readonly format: Intl.DateTimeFormat } | undefined
  return (at) => {
    const zone = zoneInUse()
    if (made?.zone !== zone)
      made = { zone, format: new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }) }
    return made.format.format(new Date(at))
  }
}

/** All zones that the browser knows, and the given ones. */
export function listZones(...set: readonly string[]): readonly string[] {
  return [...new Set(['UTC', ...set, ...Intl.supportedValuesOf('timeZone')])]
}

function isKnown(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== ''
  } catch {
    return false
  }
}
