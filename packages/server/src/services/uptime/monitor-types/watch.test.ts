import { describe, expect, it } from 'vitest'
import { writeMessage } from '../messages.ts'
import { monitorTypes } from './monitor-types.ts'
import { isTold, parseStored, targetOf } from './watch.ts'

const types = Object.entries(monitorTypes)

describe('every monitor type', () => {
  it.each(types)('%s has an example that can be saved, and is read back as it was', (type, kind) => {
    const stored = parseStored(type, kind.example)
    if (!stored.isKnown) throw new Error(writeMessage(stored.fault.code, stored.fault.values, 'en'))
    expect(parseStored(type, stored.watch.config)).toEqual(stored)
  })

  it.each(types)('%s either looks at a target or is told', (type, kind) => {
    const stored = parseStored(type, kind.example)
    if (!stored.isKnown) throw new Error('An example can be saved')
    expect(targetOf(stored.watch) === null).toBe(isTold(type))
  })

  it('has words of its own, which no other type gives another meaning', () => {
    const codes = types.flatMap(([, { sentences }]) => Object.keys(sentences))
    expect(new Set(codes).size).toBe(codes.length)
  })
})

describe('what is stored', () => {
  it.each(['gopher', '', 'HTTP', 'constructor', '__proto__'])('of the type "%s" is not understood', (type) =>
    expect(parseStored(type, { url: 'https://example.com/' })).toEqual({
      isKnown: false,
      fault: { code: 'type_unknown', values: { type } },
    }),
  )

  it.each<[config: unknown, field: string]>([
    [{ hostname: 'a.example', port: 0 }, 'port'],
    [{ hostname: 'a.example', port: 1, speed: 1 }, ''],
    [{}, 'hostname'],
    [null, ''],
    ['{}', ''],
    [[], ''],
  ])('with the config %j is not understood', (config, field) =>
    expect(parseStored('tcp', config)).toEqual({
      isKnown: false,
      fault: { code: 'config_unreadable', values: { field } },
    }),
  )
})
