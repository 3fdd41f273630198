import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { services } from '../src/services.ts'

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

const [screens = '', others = ''] = read('docs/screens.md').split('## Operations that no screen asks')
/** The lines of a table below its head, as cells. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
const namesIn = (text = ''): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)

const shown = rowsOf(screens).flatMap((cells) => namesIn(cells.at(-2)))
const unshown = rowsOf(others).flatMap(([, names]) => namesIn(names))

it('every-member-operation-has-a-screen, or a reason why it has none', () => {
  const operations = services
    .flatMap(({ name, endpoints }) =>
      name === 'uptime'
        ? endpoints.filter(({ path }) => /^\/dashboard\/(monitors|services)\b/.test(path))
        : endpoints,
    )
    .filter(({ access }) => access.kind === 'session' || (access.kind === 'public' && access.orKey === true))
    .map(({ id }) => id)
  expect(operations.length).toBeGreaterThan(80)
  expect([...shown, ...unshown].toSorted()).toEqual(operations.toSorted())
})

it('every screen of the page is a place of the dashboard, with a question and what it offers', () => {
  const places = `${read('packages/dashboard/src/places.tsx')} ${read('packages/dashboard/src/app.tsx')}`
  for (const [, path = '', question = '', offers = ''] of rowsOf(screens)) {
    const [place = ''] = namesIn(path)
    expect(places).toContain(`'${place.replace(/\/:\w+$/, '')}'`)
    expect(question).toMatch(/\?$/)
    expect(offers).not.toBe('')
  }
})
