import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Component, readScreens } from './fixtures/dashboard-calls.ts'
import { triedScreens, untriedScreens } from './fixtures/tried-screens.ts'

const folder = new URL('./', import.meta.url)
const titles = readdirSync(folder)
  .filter((name) => name.endsWith('.browser.test.ts'))
  .flatMap((name) => [
    ...readFileSync(new URL(name, folder), 'utf8').matchAll(/\bit\(\s*(['"`])((?:(?!\1).)+)\1/g),
  ])
  .map(([, , title = '']) => title)

it('every-screen-is-tried: in a browser, once where it works and once where it refuses', () => {
  const screens = readScreens()
  const toKey = ({ path, name }: Component): string => `${path} ${name}`
  const listed = [...Object.keys(triedScreens), ...untriedScreens]
  const tried = new Set(listed.flatMap((address) => screens.get(address) ?? []).map(toKey))
  expect([...screens].filter(([, component]) => !tried.has(toKey(component)))).toEqual([])
  expect(listed.filter((address) => !screens.has(address))).toEqual([])
  const starts = [...new Set(Object.values(triedScreens).flat())]
  const counts = starts.map((start) => [start, titles.filter((title) => title.startsWith(start)).length])
  expect(counts.filter(([, count]) => count !== 1)).toEqual([])
})
