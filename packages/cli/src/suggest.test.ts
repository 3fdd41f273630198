import { expect, it } from 'vitest'
import { suggest } from './suggest.ts'

const known = ['serve', 'keys create', 'secrets status', 'orgs list', 'erase']

it.each([
  ['sevre', 'serve'],
  ['srve', 'serve'],
  ['SERVE', 'serve'],
  ['key create', 'keys create'],
  ['keys craete', 'keys create'],
  ['secret status', 'secrets status'],
  ['org list', 'orgs list'],
  ['erse', 'erase'],
])('%s was meant to be %s', (typed, meant) => expect(suggest(typed, known)).toBe(meant))

it.each(['brew', '', 'x', 'deploy everything'])('%s was meant to be nothing of ours', (typed) =>
  expect(suggest(typed, known)).toBeUndefined(),
)
