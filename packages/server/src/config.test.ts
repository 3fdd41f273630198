import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { readServerConfig, type ServerConfig, settings } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'))
afterAll(() => rmSync(folder, { recursive: true }))
const read = (env: Record<string, string>): ServerConfig => readServerConfig(env, join(folder, 'none'))

const readFile = (text: string): ServerConfig => {
  writeFileSync(join(folder, 'gatehouse.config.json'), text)
  return readServerConfig({}, folder)
}

it('registration-is-closed-by-default: whoever sets nothing lets in those who were invited alone', () => {
  expect(read({}).registration).toBe('invite')
})

it('a key of an exchange in the environment is refused, by its name', () => {
  for (const name of ['BINANCE_API_KEY', 'COINBASE_API_SECRET', 'BYBIT_SECRET', 'DERIBIT_KEY'])
    expect(() => read({ [name]: 'canary' })).toThrow(`${name} is set`)
  expect(() => read({ BINANCE_API_KEY: '' })).not.toThrow()
})

it('an empty environment is a working configuration', () => {
  expect(read({})).toEqual({
    host: '127.0.0.1',
    port: 4280,
    allowedOrigins: [],
    tlsCertificate: undefined,
    tlsKey: undefined,
    tlsDomains: undefined,
    trustedProxies: ['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
    valkeyUrl: undefined,
    dataFolder: '.gatehouse',
    databaseUrl: undefined,
    publicUrl: undefined,
    streamQueryKey: 'off',
    feeds: 'live',
    derivativeFeeds: ['funding', 'dvol'],
    plans: 'off',
    paddleApiUrl: 'https://api.paddle.com',
    paddlePrices: [],
    trustedHops: 0,
    egressAllow: '',
    plainTransports: [],
    auditAnchors: undefined,
    dnsServers: [],
    probes: 'on',
    registration: 'invite',
    admins: [],
    smtpUrl: undefined,
    mailFrom: 'Gatehouse <gatehouse@localhost>',
    logLevel: 'warn',
    anchors: [],
    oidcDomains: [],
    oidcRoles: [],
  })
})

it.each(Object.values(settings).map((setting) => [setting.variable, setting] as const))(
  'the example of %s is a good value, and a control character never is one',
  (variable, { example, shape }) => {
    expect(() => read({ [variable]: example })).not.toThrow()
    if (variable !== 'GATEHOUSE_DATA')
      expect(() => read({ [variable]: '\u0001' })).toThrow(`${variable} must be ${shape}, such as ${example}`)
  },
)

it.each<[variable: string, good: readonly string[], bad: readonly string[]]>([
  ['GATEHOUSE_PORT', ['0', '65535'], ['65536', '-1', '1.5', '0x10', '80 ']],
  ['GATEHOUSE_HOST', ['::', 'localhost'], ['localhost:80', 'a b', 'http://x']],
  ['GATEHOUSE_TRUSTED_PROXY_HOPS', ['0', '10'], ['11']],
  ['GATEHOUSE_EGRESS_ALLOW', ['10.0.0.0/8', '[::1]:80'], ['10.0.0.1/8', 'localhost', '10.0.0.0/8,,']],
  ['GATEHOUSE_DNS_SERVERS', ['', '192.0.2.1, [::1]:53, ::1'], ['localhost', '192.0.2.1:0', '[::1]:65536']],
  ['GATEHOUSE_PUBLIC_URL', ['https://a.b/c'], ['ftp://a.b', 'https://u:p@a.b', 'https://a.b/?x', 'a.b']],
  ['DATABASE_URL', ['postgresql://localhost/d'], ['mysql://h/d', 'h']],
  ['GATEHOUSE_ADMINS', ['a@b.c, d@e.f'], ['a', 'a@b.c;d@e.f@']],
  ['GATEHOUSE_MAIL_FROM', ['a@b.c', 'A <a@b.c>'], ['A', 'A <a>', 'A\n<a@b.c>']],
  [
    'GATEHOUSE_OIDC_ISSUER',
    ['https://a.b/realms/c', 'http://127.0.0.1:1'],
    ['a.b', 'https://a.b/?x', 'ftp://a.b'],
  ],
  ['GATEHOUSE_OIDC_DOMAINS', ['a.bc, c.de'], ['a', 'a@b.cd', 'a.bc c.de']],
  ['GATEHOUSE_OIDC_ROLES', ['a b=owner,c=viewer', 'a=b=member'], ['a', '=owner', 'a=king']],
  ['UPTIME_ANCHORS', ['a.b:1', '[2001:db8::1]:65535'], ['a.b', 'a.b:0', 'a.b:65536']],
])('%s takes what it says and nothing else', (variable, good, bad) => {
  for (const value of good) expect(() => read({ [variable]: value })).not.toThrow()
  for (const value of bad) expect(() => read({ [variable]: value })).toThrow(`${variable} must be`)
})

it('a misspelt name stops the start', () => {
  expect(() => read({ GATEHOUSE_PROT: '1' })).toThrow('did you mean GATEHOUSE_PORT?')
  expect(() => read({ UPTIME_ANCHOR: 'a.b:1' })).toThrow('did you mean UPTIME_ANCHORS?')
})

it('lists lose their blanks, addresses their capitals, the public URL its last slash', () => {
  const config = read({
    GATEHOUSE_ADMINS: ' Ann@Example.com , bob@example.com,',
    GATEHOUSE_PUBLIC_URL: 'https://a.b/',
  })
  expect(config).toMatchObject({ admins: ['ann@example.com', 'bob@example.com'], publicUrl: 'https://a.b' })
})

it('a secret in the configuration does not show itself', () => {
  const config = read({ DATABASE_URL: 'postgres://u:canary@localhost/d', SMTP_URL: 'smtp://u:canary@h' })
  expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('canary')
  expect(config.databaseUrl?.reveal()).toContain('canary')
})

it('the file takes numbers and arrays', () => {
  expect(readFile('{"port": 8080, "admins": ["a@b.c"]}')).toMatchObject({ port: 8080, admins: ['a@b.c'] })
  for (const port of ['true', 'null', '1.5', '""'])
    expect(() => readFile(`{"port": ${port}}`)).toThrow('GATEHOUSE_PORT')
})

it.each(['{"port": canary}', '["canary"]', ''])(
  'a file with %j is refused by its path, and not quoted',
  (text) => {
    expect(() => readFile(text)).toThrow(/^(?![^]*canary).*gatehouse\.config\.json must hold one JSON object/)
  },
)
