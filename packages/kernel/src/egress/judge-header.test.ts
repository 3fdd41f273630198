import fc from 'fast-check'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { describe, expect, it } from 'vitest'
import { assertHeaders, connectionHeaders, judgeHeader } from './judge-header.ts'

const forbidden = [...connectionHeaders, 'authorization', 'cookie']

describe('headers of strangers', () => {
  it.each([
    ['X-Trace', 'abc'],
    ['x-empty', ''],
    ['x-tab', 'a\tb'],
    ['x-latin', 'caf\u00e9'],
    ["!#$%&'*+-.^_`|~", 'every token character'],
    ['Proxied-By', 'me'],
  ])('%s: %j may be sent', (name, value) => {
    expect(judgeHeader(name, value, forbidden)).toEqual({ accepted: true })
  })

  it.each([
    ['', 'a', 'name'],
    ['x y', 'a', 'name'],
    ['x:', 'a', 'name'],
    ['x\r\n', 'a', 'name'],
    ['naïve', 'a', 'name'],
    ['x', 'a\r\nInjected: 1', 'value'],
    ['x', 'a\rb', 'value'],
    ['x', 'a\nb', 'value'],
    ['x', 'a\u0000b', 'value'],
    ['x', 'a\u007fb', 'value'],
    ['x', '\u560d\u560a', 'value'],
    ['HOST', 'a', 'forbidden'],
    ['User-Agent', 'a', 'forbidden'],
    ['Transfer-Encoding', 'chunked', 'forbidden'],
    ['Proxy-Authorization', 'a', 'forbidden'],
    ['aUTHORIZATION', 'a', 'forbidden'],
  ])('%j: %j is refused for its %s', (name, value, reason) => {
    expect(judgeHeader(name, value, forbidden)).toMatchObject({ accepted: false, reason })
  })

  it('whatever is accepted, Node.js sends unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
        if (!judgeHeader(name, value, []).accepted) return
        validateHeaderName(name)
        validateHeaderValue(name, value)
      }),
    )
  })

  it('the request itself refuses what nobody judged', () => {
    expect(() => assertHeaders({ 'x-ok': 'a', 'user-agent': 'other' })).toThrow('user-agent may not be set')
    expect(() => assertHeaders({ 'x-bad': 'a\r\nb' })).toThrow('x-bad')
    expect(() => assertHeaders({ authorization: 'Bearer a' })).not.toThrow()
  })
})
