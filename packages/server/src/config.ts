import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { type Config, readConfig, type Settings } from '@gatehouse/kernel/config'
import { parseEmail } from '@gatehouse/kernel/endpoint'
import { judgeDatabaseTransport, judgeValkeyTransport } from '@gatehouse/kernel/db'
import { isCidr } from '@gatehouse/kernel/keys'
import { parseEgressAllowance, parseNameServers } from '@gatehouse/kernel/egress'
import { z } from 'zod'
import { assertNoExchangeKey } from './assert-no-exchange-key.ts'
import { billingSettings } from './billing-settings.ts'
import { disclosureSettings } from './disclosure-settings.ts'
import { assertOneEach, masterSettings } from './master-settings.ts'
import { oidcSettings } from './oidc-settings.ts'
import { postureSettings } from './posture-settings.ts'
import { filePath, list, secretUrl, url, wholeNumber } from './setting-shapes.ts'
import { watchSettings } from './watch-settings.ts'

const isHost = (text: string): boolean =>
  isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text)
/** Whether text is a mailbox as operators write it in settings; the domain of a sender may be local to this machine. */
const isMailbox = (text: string): boolean => /^[^\s@<>,]+@[^\s@<>,]+$/.test(text)

/** The address in the form in which accounts store it. */
function toAccountAddress(text: string): string {
  const parsed = parseEmail(text)
  return (parsed.accepted ? parsed.address : text).toLowerCase()
}

function isSender(text: string): boolean {
  const [, named] = /^[^<>\r\n]*<([^<>]+)>$/.exec(text) ?? []
  return isMailbox(named ?? text)
}

function isAnchor(text: string): boolean {
  const [, host, port] = /^\[?([^\s[\]]+?)\]?:(\d{1,5})$/.exec(text) ?? []
  return host !== undefined && isHost(host) && Number(port) >= 1 && Number(port) <= 65_535
}

function isOrigin(text: string): boolean {
  const parsed = URL.parse(text)
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.origin === text
}

function isEgressAllowance(text: string): boolean {
  try {
    parseEgressAllowance(text)
    return true
  } catch {
    return false
  }
}

function isNameServer(text: string): boolean {
  try {
    return parseNameServers(text).length === 1
  } catch {
    return false
  }
}

export const settings = {
  host: {
    variable: 'GATEHOUSE_HOST',
    schema: z.string().refine(isHost).default('127.0.0.1'),
    about: 'An address or name of this machine to listen on',
    shape: 'an IP address or a host name without a port',
    example: '0.0.0.0',
    unset: '127.0.0.1',
  },
  port: {
    variable: 'GATEHOUSE_PORT',
    schema: wholeNumber(65_535).default(4280),
    about: 'A port to listen on, or 0 for any free one',
    shape: 'a whole number from 0 to 65535',
    example: '8080',
    unset: '4280',
  },
  dataFolder: {
    variable: 'GATEHOUSE_DATA',
    schema: z.string().min(1).default('.gatehouse'),
    about: 'The folder of the database, the keys and the lock',
    shape: 'the path of a folder',
    example: '/var/lib/my-gatehouse',
    unset: '.gatehouse below the current folder',
  },
  databaseUrl: {
    variable: 'DATABASE_URL',
    schema: secretUrl('postgres:', 'postgresql:').optional(),
    about: 'The URL of a PostgreSQL (16 or newer) of your own; beyond this machine with ?sslmode=verify-full',
    shape: 'a URL that starts with postgres:// or postgresql://',
    example: 'postgres://gatehouse:password@db.example.com:5432/gatehouse?sslmode=verify-full',
    unset: 'the bundled PostgreSQL',
  },
  valkeyUrl: {
    variable: 'VALKEY_URL',
    schema: secretUrl('redis:', 'rediss:').optional(),
    about:
      'The URL of a Valkey or Redis (7 or newer) in which several nodes share their rate limits; beyond this machine as rediss://',
    shape: 'a URL that starts with redis:// or rediss://',
    example: 'rediss://:password@valkey.example.com:6379',
    unset: 'each node counts for itself, so run only one',
  },
  plainTransports: {
    variable: 'GATEHOUSE_ALLOW_PLAIN',
    schema: list((entry) => entry === 'database' || entry === 'valkey').default([]),
    about:
      'Which ways off this machine may go without TLS and a verified certificate, such as those of a network of your own',
    shape: 'database, valkey or both, separated by commas',
    example: 'database,valkey',
    unset: 'none',
  },
  auditAnchors: {
    variable: 'GATEHOUSE_AUDIT_ANCHORS',
    schema: filePath.optional(),
    about:
      'A file, best on another machine, that each signed checkpoint of an audit chain is added to, for `gatehouse audit verify --anchor`',
    shape: 'the path of a file',
    example: '/mnt/elsewhere/anchors.ndjson',
    unset: 'checkpoints stay in the database',
  },
  tlsCertificate: {
    variable: 'GATEHOUSE_TLS_CERT',
    schema: filePath.optional(),
    about: 'The file of the certificate chain (PEM) with which the server speaks TLS 1.3 itself',
    shape: 'the path of a file',
    example: '/etc/gatehouse/fullchain.pem',
    unset: 'plain HTTP, for a proxy of your own before it',
  },
  tlsKey: {
    variable: 'GATEHOUSE_TLS_KEY',
    schema: filePath.optional(),
    about: 'The file of the private key (PEM) of that certificate',
    shape: 'the path of a file',
    example: '/etc/gatehouse/privkey.pem',
    unset: 'plain HTTP, for a proxy of your own before it',
  },
  tlsDomains: {
    variable: 'GATEHOUSE_TLS_DOMAINS',
    schema: filePath.optional(),
    about:
      'A folder with the certificates of domains of status pages: for each domain a folder of its name with fullchain.pem and privkey.pem',
    shape: 'the path of a folder',
    example: '/etc/letsencrypt/live',
    unset: 'every domain gets the certificate above',
  },
  allowedOrigins: {
    variable: 'GATEHOUSE_ALLOWED_ORIGINS',
    schema: list(isOrigin).default([]),
    about:
      'Origins of web pages whose preflight requests are answered; each organisation narrows them further',
    shape: 'origins such as https://app.example.com, separated by commas',
    example: 'https://app.example.com,https://admin.example.com',
    unset: 'none, and browsers of other sites cannot call the API',
  },
  trustedProxies: {
    variable: 'GATEHOUSE_TRUSTED_PROXIES',
    schema: list(isCidr).default([
      '127.0.0.0/8',
      '::1/128',
      '10.0.0.0/8',
      '172.16.0.0/12',
      '192.168.0.0/16',
      'fc00::/7',
    ]),
    about: 'Networks of the proxies before the server; with any hops set, connections from elsewhere are cut',
    shape: 'CIDR ranges separated by commas',
    example: '10.0.0.0/8',
    unset: 'loopback and private networks',
  },
  publicUrl: {
    variable: 'GATEHOUSE_PUBLIC_URL',
    schema: url('http:', 'https:')
      .refine((text) => !/[?#@]/.test(text))
      .transform((text) => text.replace(/\/+$/, ''))
      .optional(),
    about: 'The URL under which people reach this server, for links in mails and notices',
    shape: 'a URL that starts with http:// or https://, without a query, a fragment or a password',
    example: 'https://gatehouse.example.com',
    unset: 'the address it listens on',
  },
  ...disclosureSettings,
  streamQueryKey: {
    variable: 'GATEHOUSE_STREAM_QUERY_KEY',
    schema: z.enum(['off', 'on']).default('off'),
    about:
      'Whether a public client of /v1/stream may put its API key into the URL of the handshake, which proxies may write down',
    shape: 'off or on',
    example: 'on',
    unset: 'off, and such a handshake is refused',
  },
  ...postureSettings,
  feeds: {
    variable: 'GATEHOUSE_FEEDS',
    schema: z.enum(['live', 'simulated', 'off']).default('live'),
    about:
      'Where prices come from: the venues, a simulator on this machine that needs no network, or nowhere',
    shape: 'live, simulated or off',
    example: 'simulated',
    unset: 'live',
  },
  symbols: {
    variable: 'GATEHOUSE_SYMBOLS',
    schema: filePath.optional(),
    about:
      'A JSON file of symbols that are carried beside the built-in ones; `gatehouse volatility symbols check` tries it',
    shape: 'the path of a file',
    example: '/etc/gatehouse/symbols.json',
    unset: 'the built-in symbols alone',
  },
  derivativeFeeds: {
    variable: 'GATEHOUSE_DERIVATIVE_FEEDS',
    schema: z
      .enum(['funding,dvol', 'dvol,funding', 'funding', 'dvol', 'off'])
      .default('funding,dvol')
      .transform((text): readonly ('funding' | 'dvol')[] =>
        (['funding', 'dvol'] as const).filter((name) => text.split(',').includes(name)),
      ),
    about:
      'What is read of derivatives beside the prices: funding of Bybit, and the volatility index of Deribit',
    shape: 'funding, dvol, both with a comma between, or off',
    example: 'funding',
    unset: 'both',
  },
  trustedHops: {
    variable: 'GATEHOUSE_TRUSTED_PROXY_HOPS',
    schema: wholeNumber(10).default(0),
    about: 'How many proxies of your own stand before the server',
    shape: 'a whole number from 0 to 10',
    example: '1',
    unset: '0, and X-Forwarded-For is ignored',
  },
  egressAllow: {
    variable: 'GATEHOUSE_EGRESS_ALLOW',
    schema: z.string().refine(isEgressAllowance).default(''),
    about: 'Networks beyond the public internet that monitors and webhooks may reach',
    shape: 'IP addresses or CIDR ranges, each with an optional port, separated by commas',
    example: '10.20.0.0/16,127.0.0.1:8080',
    unset: 'none',
  },
  dnsServers: {
    variable: 'GATEHOUSE_DNS_SERVERS',
    schema: list(isNameServer).default([]),
    about: 'The name servers that look up the hosts of monitors, webhooks and mail, asked in this order',
    shape: 'IP addresses, each with an optional port, separated by commas',
    example: '192.0.2.53,[2001:db8::53]:5353',
    unset: 'those of this machine',
  },
  registration: {
    variable: 'GATEHOUSE_REGISTRATION',
    schema: z.enum(['closed', 'open', 'invite']).default('invite'),
    about: 'Who may create an account: nobody new, anyone, or people who were invited',
    shape: 'closed, open or invite',
    example: 'open',
    unset: 'invite',
  },
  ...oidcSettings,
  admins: {
    variable: 'GATEHOUSE_ADMINS',
    schema: list(isMailbox)
      .transform((addresses) => addresses.map(toAccountAddress))
      .default([]),
    about:
      'Verified e-mail addresses of those who administer the instance under /admin, separated by commas; without mail, only the first owner can',
    shape: 'e-mail addresses separated by commas',
    example: 'ops@example.com',
    unset: 'nobody',
  },
  smtpUrl: {
    variable: 'SMTP_URL',
    schema: secretUrl('smtp:', 'smtps:').optional(),
    about: 'The URL of the mail server that sends our mails',
    shape: 'a URL that starts with smtp:// or smtps://',
    example: 'smtps://user:password@mail.example.com:465',
    unset: 'no mail is sent, and flows that need it say so',
  },
  mailFrom: {
    variable: 'GATEHOUSE_MAIL_FROM',
    schema: z.string().refine(isSender).default('Gatehouse <gatehouse@localhost>'),
    about: 'The sender of our mails',
    shape: 'an e-mail address, with or without a name',
    example: 'Gatehouse <gatehouse@example.com>',
    unset: 'gatehouse@localhost',
  },
  logLevel: {
    variable: 'GATEHOUSE_LOG_LEVEL',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
    about: 'How much is logged',
    shape: 'debug, info, warn, error or silent',
    example: 'info',
    unset: 'warn',
  },
  ...masterSettings,
  ...billingSettings,
  ...watchSettings,
  anchors: {
    variable: 'UPTIME_ANCHORS',
    schema: list(isAnchor).default([]),
    about: 'Hosts that answer as long as our own uplink works (checked, but not asked by this version)',
    shape: 'HOST:PORT separated by commas',
    example: 'one.example.com:443,two.example.com:443',
    unset: 'none',
  },
} as const satisfies Settings

export type ServerConfig = Config<typeof settings>['values']

/** Keys may come from the environment instead of their files; `embedded/first-run.ts` reads them. */
const keyVariables = [
  'GATEHOUSE_MASTER_KEY',
  'GATEHOUSE_PEPPER',
  'GATEHOUSE_JWT_KEY',
  'GATEHOUSE_SIGNING_KEY',
]
/** Set by the command line: the process that started this one and hands over to it. */
const starterVariables = ['GATEHOUSE_STARTER']
/** Variables of commands that call an instance over HTTP, which may be set in the same shell. */
const clientVariables = ['GATEHOUSE_URL', 'GATEHOUSE_API_KEY', 'GATEHOUSE_PROBE_ORGS']
const testVariables = ['GATEHOUSE_TEST_DATABASE_URL', 'GATEHOUSE_TEST_TEMPLATE', 'GATEHOUSE_TEST_RUN']

/** Reads the environment and `gatehouse.config.json` of the given folder. Throws when any of it is invalid. */
export function readServerConfig(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): ServerConfig {
  const config = readConfig(settings, {
    env,
    file: readConfigFile(join(folder, 'gatehouse.config.json')),
    prefixes: ['GATEHOUSE_', 'MASTER_ADMIN_KEY_', 'UPTIME_'],
    alsoKnown: [...keyVariables, ...starterVariables, ...clientVariables, ...testVariables],
  }).values
  assertOneEach(config)
  assertNoExchangeKey(env)
  for (const { transport, sentence } of listPlainTransports(config, env))
    if (!config.plainTransports.includes(transport)) throw new Error(sentence)
  return config
}

type PlainTransport = { readonly transport: 'database' | 'valkey'; readonly sentence: string }

/** The connections to other machines on which an attacker could read along or impersonate the server (V5). */
export function listPlainTransports(
  { databaseUrl, valkeyUrl }: Pick<ServerConfig, 'databaseUrl' | 'valkeyUrl'>,
  env: Readonly<Record<string, string | undefined>>,
): readonly PlainTransport[] {
  const toSentence = (variable: string, cure: string, transport: string): string =>
    `${variable} leads off this machine without a verified certificate: ${cure}, or, on a network of your own, ` +
    `set GATEHOUSE_ALLOW_PLAIN=${transport}`
  const found: PlainTransport[] = []
  if (databaseUrl !== undefined && judgeDatabaseTransport(databaseUrl.reveal(), env) === 'unverified')
    found.push({
      transport: 'database',
      sentence: toSentence(
        'DATABASE_URL',
        'add ?sslmode=verify-full, with &sslrootcert=FILE for an authority of your own',
        'database',
      ),
    })
  if (valkeyUrl !== undefined && judgeValkeyTransport(valkeyUrl.reveal(), env) === 'unverified')
    found.push({
      transport: 'valkey',
      sentence: toSentence(
        'VALKEY_URL',
        'use rediss://, with NODE_EXTRA_CA_CERTS=FILE for an authority of your own',
        'valkey',
      ),
    })
  return found
}

function readConfigFile(path: string): Readonly<Record<string, unknown>> | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseJson(text))
  if (!parsed.success) throw new Error(`${path} must hold one JSON object, such as {"port": 8080}`)
  return parsed.data
}

/** Undefined when the text is no JSON; the parser's own message would quote the text, which may hold a password. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
