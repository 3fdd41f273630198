import { describe, expect, it } from 'vitest'
import { isTargetChanged, nameTarget } from './target.ts'

type Input = Parameters<typeof nameTarget>[0]

const tcp = (hostname: string, port: number) => ({ hostname, port })

describe('a target', () => {
  it.each<[Input, name: string]>([
    ['https://example.com', 'example.com'],
    ['https://example.com:8443/health?x=1', 'example.com:8443/health'],
    [tcp('db.example.com', 5432), 'db.example.com:5432'],
    [tcp('2001:db8::1', 22), '[2001:db8::1]:22'],
    [`https://example.com/${'a'.repeat(88)}`, `example.com/${'a'.repeat(88)}`],
    [`https://example.com/${'a'.repeat(89)}`, `example.com/${'a'.repeat(87)}…`],
  ])('%j is named %s', (input, name) => {
    expect(nameTarget(input, (host) => host)).toBe(name)
    expect(name.length).toBeLessThanOrEqual(100)
  })

  it.each<[before: Input | null, after: Input | null, isChanged: boolean]>([
    ['https://a.example/x', 'https://a.example/y?z', false],
    ['https://a.example', 'https://A.EXAMPLE:443/', false],
    ['https://a.example', 'https://b.example', true],
    ['https://a.example', 'https://a.example:8443', true],
    ['https://a.example', 'http://a.example', true],
    [tcp('a.example', 1), tcp('A.example', 1), false],
    [tcp('a.example', 1), tcp('a.example', 2), true],
    [null, null, false],
    [null, tcp('a.example', 1), true],
  ])('from %j to %j is another one: %s', (before, after, isChanged) =>
    expect(isTargetChanged(before, after)).toBe(isChanged),
  )
})
