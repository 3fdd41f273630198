import { expect, it } from 'vitest'
import { z } from 'zod'
import { type ConfigSources, readConfig, type Settings } from './index.ts'

const settings = {
  port: {
    variable: 'DEMO_PORT',
    schema: z.coerce.number().max(9).default(1),
    about: 'A port',
    shape: 'a number up to 9',
    example: '5',
    unset: '1',
  },
  hosts: {
    variable: 'DEMO_HOSTS',
    schema: z
      .string()
      .transform((text) => text.split(','))
      .default([]),
    about: 'Hosts',
    shape: 'names separated by commas',
    example: 'a,b',
    unset: 'none',
  },
} satisfies Settings

const read = (sources: Partial<ConfigSources>) =>
  readConfig(settings, { env: {}, file: undefined, prefixes: ['DEMO_'], alsoKnown: ['DEMO_KEY'], ...sources })

it('the environment goes before the file, the file before the default, and each origin is told', () => {
  const file = { port: 3, hosts: 'x' }
  expect(read({ env: { DEMO_PORT: '2' }, file })).toEqual({
    values: { port: 2, hosts: ['x'] },
    origins: { port: 'environment', hosts: 'file' },
  })
  expect(read({})).toEqual({ values: { port: 1, hosts: [] }, origins: { port: 'default', hosts: 'default' } })
})

it('an empty variable counts as unset', () => {
  expect(read({ env: { DEMO_PORT: '' } }).values.port).toBe(1)
  expect(read({ env: { DEMO_PORT: '' }, file: { port: 3 } }).origins.port).toBe('file')
})

it('nothing in it can be changed', () => {
  const config = read({ env: { DEMO_HOSTS: 'a' } })
  for (const part of [config, config.values, config.origins, config.values.hosts])
    expect(Object.isFrozen(part)).toBe(true)
})

it.each<[promise: string, Partial<ConfigSources>, sentence: string | undefined]>([
  ['the largest value is taken', { env: { DEMO_PORT: '9' } }, undefined],
  ['one more is refused', { env: { DEMO_PORT: '10' } }, 'DEMO_PORT must be a number up to 9, such as 5'],
  ['a bad value of the file', { file: { port: 10 } }, 'DEMO_PORT (port in the configuration file) must be'],
  ['a name that others read', { env: { DEMO_KEY: 'x' } }, undefined],
  ['a name without the prefix', { env: { OTHER_PORT: 'x' } }, undefined],
  ['an unknown name', { env: { DEMO_X: '1' } }, 'DEMO_X is not a setting that Gatehouse knows\n'],
  ['a letter too few', { env: { DEMO_PRT: '1' } }, 'did you mean DEMO_PORT?'],
  ['a letter too many', { env: { DEMO_POORT: '1' } }, 'did you mean DEMO_PORT?'],
  ['two letters swapped', { env: { DEMO_PROT: '1' } }, 'did you mean DEMO_PORT?'],
  [
    'an unknown member of the file',
    { file: { prot: 1 } },
    'prot is not a setting that Gatehouse knows (did you mean port?)',
  ],
  ['a member that every object has', { file: { toString: 'x' } }, 'toString is not a setting'],
])('%s', (_promise, sources, sentence) => {
  if (sentence === undefined) expect(() => read(sources)).not.toThrow()
  else expect(() => read(sources)).toThrow(sentence.trim())
})

it('all that is wrong is said at once, and no value is repeated', () => {
  const env = { DEMO_PORT: 'canary', DEMO_X: 'canary' }
  expect(() => read({ env })).toThrow(/^(?![^]*canary)[^]*DEMO_X[^]*DEMO_PORT/)
})
