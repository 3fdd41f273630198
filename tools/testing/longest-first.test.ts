import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { longest } from './longest-first.ts'

it.each(longest)('what a run begins with is there under this name: %s', (file) => {
  expect(existsSync(join(import.meta.dirname, '../..', file))).toBe(true)
})
