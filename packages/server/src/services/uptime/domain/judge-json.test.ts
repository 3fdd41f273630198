import { describe, expect, it } from 'vitest'
import { type JsonCheck, judgeJson, readPath } from './judge-json.ts'

const answer = '{"a":{"b":[{"c":3},{"c":null}]},"ok":true,"n":5,"s":"5","long":"' + '€'.repeat(101) + '"}'

describe('a JSON demand', () => {
  it.each<[JsonCheck, holds: boolean]>([
    [{ path: 'a.b[0].c', op: 'eq', value: 3 }, true],
    [{ path: 'a.b[1].c', op: 'eq', value: null }, true],
    [{ path: 'a.b[2].c', op: 'eq', value: 3 }, false],
    [{ path: 's', op: 'eq', value: 5 }, false],
    [{ path: 's', op: 'eq', value: '5' }, true],
    [{ path: 'ok', op: 'eq', value: true }, true],
    [{ path: 'n', op: 'ne', value: 5 }, false],
    [{ path: 'n', op: 'ne', value: 6 }, true],
    [{ path: 'n', op: 'lt', value: 5 }, false],
    [{ path: 'n', op: 'lt', value: 5.1 }, true],
    [{ path: 'n', op: 'gt', value: 5 }, false],
    [{ path: 'n', op: 'gt', value: 4.9 }, true],
    [{ path: 's', op: 'gt', value: 4 }, false],
    [{ path: 'a.b', op: 'exists' }, true],
    [{ path: 'a.x', op: 'exists' }, false],
    [{ path: 'a.x', op: 'exists', value: false }, true],
    [{ path: 'a.b', op: 'exists', value: false }, false],
    [{ path: 'a.constructor', op: 'exists' }, false],
    [{ path: '__proto__', op: 'exists' }, false],
  ])('%j holds: %s', (check, holds) => expect(judgeJson(answer, [check]) === undefined).toBe(holds))

  it('names the first that fails, and what was found', () => {
    expect(
      judgeJson(answer, [
        { path: 'ok', op: 'exists' },
        { path: 'a.b[0]', op: 'eq', value: 1 },
        { path: 'n', op: 'eq', value: 1 },
      ]),
    ).toEqual({ path: 'a.b[0]', value: '{"c":3}' })
    expect(judgeJson(answer, [{ path: 'gone', op: 'exists' }])).toEqual({ path: 'gone', problem: 'missing' })
    expect(judgeJson('<html>', [{ path: 'n', op: 'exists' }])).toEqual({ path: 'n', problem: 'not_json' })
  })

  it('shows a long value cut at a character', () => {
    expect(judgeJson(answer, [{ path: 'long', op: 'eq', value: '' }])).toEqual({
      path: 'long',
      value: `${'€'.repeat(100)}…`,
    })
    const emoji = JSON.stringify({ s: `a${'😀'.repeat(60)}` })
    expect(judgeJson(emoji, [{ path: 's', op: 'eq', value: '' }])).toEqual({
      path: 's',
      value: `a${'😀'.repeat(49)}…`,
    })
  })

  it('a path into a list may start with its index', () => expect(readPath([{ a: 1 }], '[0].a')).toBe(1))
})
