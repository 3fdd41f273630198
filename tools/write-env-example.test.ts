import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { settings } from '../packages/server/src/config.ts'
import { envExample } from './write-env-example.ts'

it('.env.example is current; `node tools/write-env-example.ts` makes it so', () => {
  expect(readFileSync(new URL('../.env.example', import.meta.url), 'utf8')).toBe(envExample())
})

it('the example explains every setting, and sets none', () => {
  for (const { variable, about } of Object.values(settings)) {
    expect(envExample()).toContain(`# ${about}. Unset: `)
    expect(envExample()).toContain(`\n# ${variable}=`)
  }
  expect(envExample()).not.toMatch(/^[^#\n]/m)
})
