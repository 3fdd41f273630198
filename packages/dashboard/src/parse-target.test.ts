import { expect, it } from 'vitest'
import { parseTarget } from './parse-target.ts'

it.each([
  ['https://example.com/a?b', { type: 'http', config: { url: 'https://example.com/a?b' } }],
  [' example.com ', { type: 'http', config: { url: 'https://example.com/' } }],
  ['http://localhost:8080/', { type: 'http', config: { url: 'http://localhost:8080/' } }],
  ['db.example.com:5432', { type: 'tcp', config: { hostname: 'db.example.com', port: 5432 } }],
  ['tcp://10.0.0.1:25', { type: 'tcp', config: { hostname: '10.0.0.1', port: 25 } }],
])('%s is something to watch', (pasted, monitor) => {
  expect(parseTarget(pasted)).toEqual(monitor)
})

it.each(['', 'hello', 'ftp://example.com', 'two words.com'])('“%s” is not', (pasted) => {
  expect(parseTarget(pasted)).toBeUndefined()
})
