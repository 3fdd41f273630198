import { tmpdir } from 'node:os'
import { inspect } from 'node:util'
import { toEnvExample } from '@gatehouse/kernel/config'
import { expect, it } from 'vitest'
import { readServerConfig, settings } from './config.ts'

const read = (env: Record<string, string>) => readServerConfig(env, tmpdir())

it('an empty environment is a working configuration', () => {
  expect(read({})).toMatchObject({
    host: '127.0.0.1',
    port: 4280,
    dataFolder: '.gatehouse',
    registration: 'closed',
  })
})

it.each([
  ['a port that is none', { GATEHOUSE_PORT: '70000' }, 'GATEHOUSE_PORT must be a port to listen on'],
  ['a word that is no choice', { GATEHOUSE_REGISTRATION: 'maybe' }, 'such as invite'],
  [
    'a database that is not PostgreSQL',
    { DATABASE_URL: 'mysql://x' },
    'DATABASE_URL must be the url of a postgresql',
  ],
  ['a misspelt name', { GATEHOUSE_PROT: '1' }, 'GATEHOUSE_PROT is not a setting that Gatehouse knows'],
  ['an anchor without a port', { UPTIME_ANCHORS: 'example.com' }, 'UPTIME_ANCHORS must be'],
])('%s stops the start with its name', (_what, env, sentence) => {
  expect(() => read(env)).toThrow(sentence)
})

it('everything that is wrong is said at once', () => {
  expect(() => read({ GATEHOUSE_PORT: 'x', GATEHOUSE_LOG_LEVEL: 'loud' })).toThrow(
    /GATEHOUSE_PORT[^]*GATEHOUSE_LOG_LEVEL/,
  )
})

it('a secret in the configuration does not show itself', () => {
  const config = read({ DATABASE_URL: 'postgres://u:canary@h/d', SMTP_URL: 'smtp://u:canary@h' })
  expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('canary')
})

it('a refusal does not repeat the value, which may be a secret', () => {
  expect(() => read({ DATABASE_URL: 'canary' })).toThrow(/^(?![^]*canary)/)
})

it('the example file explains every setting', () => {
  const example = toEnvExample(settings)
  for (const { variable } of Object.values(settings)) expect(example).toContain(`# ${variable}=`)
})
