import { ipKey } from '@gatehouse/kernel/limits'

/** What a log-in came from, as coarse as it must be to stay the same from day to day. */
export type Device = {
  readonly browser: string
  readonly system: string
  /** The block of addresses: a /24 of IPv4 or a /48 of IPv6, as a provider hands them out. */
  readonly network: string
}

const unknown = 'unknown'

/** In this order: many a browser also names those that it descends from. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS)\//, 'Chrome'],
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

function find(names: readonly (readonly [RegExp, string])[], agent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(agent))?.[1]
}

/** A program that is no browser gives its name first, such as `curl/8.5.0`. */
function toProgram(agent: string): string {
  const [, name] = /^([A-Za-z][\w.-]{0,30})(?:\/|$)/.exec(agent) ?? []
  return name === undefined || name === 'Mozilla' ? unknown : name
}

function toNetwork(ip: string): string {
  const key = ipKey(ip)
  if (key.includes(':')) return `${key.split(':').slice(0, 3).join(':')}::/48`
  return key === unknown ? unknown : `${key.split('.').slice(0, 3).join('.')}.0/24`
}
