import { describe, expect, it } from 'vitest'
import { isTargetChanged, nameTarget, type Target } from './target.ts'

function http(url: string): Target {
  return { type: 'http', url }
}

describe('a target', () => {
  it.each<[Target, name: string]>([
    [http('https://example.com'), 'example.com'],
    [http('https://example.com:8443/health?x=1'), 'example.com:8443/health'],
    [{ type: 'tcp', hostname: 'db.example.com', port: 5432 }, 'db.example.com:5432'],
    [{ type: 'tcp', hostname: '2001:db8::1', port: 22 }, '[2001:db8::1]:22'],
    [{ type: 'heartbeat' }, 'Heartbeat'],
    [http(`https://example.com/${'a'.repeat(88)}`), `example.com/${'a'.repeat(88)}`],
    [http(`https://example.com/${'a'.repeat(89)}`), `example.com/${'a'.repeat(87)}…`],
  ])('%j is named %s', (target, name) => {
    expect(nameTarget(target)).toBe(name)
    expect(name.length).toBeLessThanOrEqual(100)
  })

  it.each<[before: Target, after: Target, isChanged: boolean]>([
    [http('https://a.example/x'), http('https://a.example/y?z'), false],
    [http('https://a.example'), http('https://A.EXAMPLE:443/'), false],
    [http('https://a.example'), http('https://b.example'), true],
    [http('https://a.example'), http('https://a.example:8443'), true],
    [http('https://a.example'), http('http://a.example'), true],
    [{ type: 'tcp', hostname: 'a.example', port: 1 }, { type: 'tcp', hostname: 'A.example', port: 1 }, false],
    [{ type: 'tcp', hostname: 'a.example', port: 1 }, { type: 'tcp', hostname: 'a.example', port: 2 }, true],
    [{ type: 'heartbeat' }, { type: 'heartbeat' }, false],
  ])('from %j to %j is another one: %s', (before, after, isChanged) =>
    expect(isTargetChanged(before, after)).toBe(isChanged),
  )
})
