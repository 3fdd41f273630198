import { ipKey } from '@gatehouse/kernel/limits'
import type { Device } from '../domain/device.ts'

const unknown = 'unknown'

/** The order matters: many browsers also name those that they derive from. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|HeadlessChrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(?:iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\b(?:Macintosh|Mac OS X)\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

export function toDevice(userAgent: string | undefined, ip: string): Device {
  const agent = (userAgent ?? '').slice(0, 500)
  return {
    browser: find(browsers, agent) ?? toProgram(agent),
    system: find(systems, agent) ?? unknown,
    network: toNetwork(ip),
  }
}

/** Null for an unknown device. */
export function known(name: string): string | null {
  return name === unknown ? null : name
}

function find(names: readonly (readonly [RegExp, string])[], agent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(agent))?.[1]
}

/** The name of a program that is no browser, which comes first, as in `curl/8.5.0`. */
function toProgram(agent: string): string {
  const [, name] = /^([A-Za-z][\w.-]{0,30})(?:\/|$)/.exec(agent) ?? []
  return name === undefined || name === 'Mozilla' ? unknown : name
}

function toNetwork(ip: string): string {
  const key = ipKey(ip)
  if (key.includes(':')) return `${key.split(':').slice(0, 3).join(':')}::/48`
  return key === unknown ? unknown : `${key.split('.').slice(0, 3).join('.')}.0/24`
}
