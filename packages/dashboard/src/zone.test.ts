import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { toExact, toFull } from './to-exact.ts'
import { toClock } from './to-clock.ts'
import { toDate } from './to-date.ts'
import { browserZone, showInZone, zoneInUse } from './zone.ts'

afterEach(() => showInZone(null))

const at = '2026-11-29T17:42:10.000Z'

describe('every-time-is-shown-in-the-chosen-zone', () => {
  it('a zone that is chosen holds at once, in everything that writes a time', () => {
    showInZone('Asia/Tokyo')
    expect([toClock(Date.parse(at)), toDate(at)]).toEqual(['02:42', '30 November 2026'])
    expect([toExact(at), toFull(at)]).toEqual(['30 Nov 2026, 02:42', '30 Nov 2026, 02:42:10 GMT+9'])
    showInZone('America/St_Johns')
    expect([toClock(Date.parse(at)), toDate(at)]).toEqual(['14:12', '29 November 2026'])
  })

  it('a day of a calendar is the same day everywhere', () => {
    showInZone('America/St_Johns')
    expect(toDate('2026-11-29')).toBe('29 November 2026')
  })

  it('nothing else writes a time, but days of a calendar', () => {
    const writes =
      /Intl\.DateTimeFormat|new Date\([^)]*\)\.toLocale|toLocale(?:Date|Time)String|getTimezoneOffset|\.[gs]et(?:Hours|Minutes|Date|Day|Month|FullYear)\(/
    const folder = import.meta.dirname
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (path) =>
        /\.tsx?$/.test(path) && !path.endsWith('.test.ts') && path !== 'zone.ts' && path !== 'local-time.ts',
    )
    expect(files.length).toBeGreaterThan(200)
    const found = files.flatMap((path) =>
      readFileSync(join(folder, path), 'utf8')
        .split('\n')
        .filter((line) => writes.test(line) && !line.includes("timeZone: 'UTC'"))
        .map((line) => `${path}: ${line.trim()}`),
    )
    expect(found).toEqual([])
  })

  it('a zone that this browser does not know leaves it with its own', () => {
    showInZone('Mars/Olympus')
    expect(zoneInUse()).toBe(browserZone())
  })
})
