import { language } from './language.ts'

let chosen: string | undefined

/** The zone in which everything is shown: what was chosen in the account, else the browser's own. */
export function zoneInUse(): string {
  return chosen ?? browserZone()
}

export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Null: the browser's own, as for a zone that this browser does not know yet. */
export function showInZone(zone: string | null): void {
  chosen = zone !== null && isKnown(zone) ? zone : undefined
}

/** The one way to write a moment: in the language of the screen, in the zone in use. `at` is ISO 8601, or Unix time in ms. */
export function inZone(options: Intl.DateTimeFormatOptions): (at: string | number) => string {
  let made: { readonly zone: string; readonly format: Intl.DateTimeFormat } | undefined
  return (at) => {
    const zone = zoneInUse()
    if (made?.zone !== zone)
      made = { zone, format: new Intl.DateTimeFormat(language, { ...options, timeZone: zone }) }
    return made.format.format(new Date(at))
  }
}

/** All that the browser knows, and those that are set. */
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
