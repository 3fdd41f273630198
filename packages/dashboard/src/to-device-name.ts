/** In this order: many a browser also names those that it descends from. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
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

export type DeviceName = {
  /** Or the program, when it is no browser. */
  readonly browser: string
  readonly system: string | undefined
}

/** What a person would call the device that sent this User-Agent; undefined when it says nothing. */
export function toDeviceName(userAgent: string | null): DeviceName | undefined {
  const agent = userAgent ?? ''
  const browser = find(browsers, agent) ?? /^(?!Mozilla\b)[A-Za-z][\w.-]{0,30}/.exec(agent)?.[0]
  return browser === undefined ? undefined : { browser, system: find(systems, agent) }
}

function find(names: readonly (readonly [RegExp, string])[], agent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(agent))?.[1]
}
