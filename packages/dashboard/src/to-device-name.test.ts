import { expect, it } from 'vitest'
import { type DeviceName, toDeviceName } from './to-device-name.ts'

const chromium = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

it.each<[promise: string, userAgent: string | null, name: DeviceName | undefined]>([
  [
    'Chrome is not Safari',
    `Mozilla/5.0 (Windows NT 10.0) ${chromium}`,
    { browser: 'Chrome', system: 'Windows' },
  ],
  [
    'Edge is not Chrome',
    `Mozilla/5.0 (Windows NT 10.0) ${chromium} Edg/140.0`,
    { browser: 'Edge', system: 'Windows' },
  ],
  [
    'a phone is not a Mac',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1 Version/26.0 Safari/604.1',
    { browser: 'Safari', system: 'iOS' },
  ],
  ['a program is called by its name', 'curl/8.5.0', { browser: 'curl', system: undefined }],
  ['what claims to be anything is nothing', 'Mozilla/5.0', undefined],
  ['silence is nothing', null, undefined],
])('%s', (_promise, userAgent, name) => expect(toDeviceName(userAgent)).toEqual(name))
