import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, readConfig } from '@gatehouse/kernel/config'
import { Secret } from '@gatehouse/kernel/secrets'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)
const url = (...protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol))

export const settings = {
  host: {
    variable: 'GATEHOUSE_HOST',
    schema: z.string().min(1).default('127.0.0.1'),
    about: 'An address or name of this machine to listen on',
    example: '0.0.0.0',
    unset: '127.0.0.1',
  },
  port: {
    variable: 'GATEHOUSE_PORT',
    schema: port.default(4280),
    about: 'A port to listen on, or 0 for any free one',
    example: '4280',
    unset: '4280',
  },
  dataFolder: {
    variable: 'GATEHOUSE_DATA',
    schema: z.string().min(1).default('.gatehouse'),
    about: 'The folder of the database, the keys and the lock',
    example: '/var/lib/my-gatehouse',
    unset: '.gatehouse below the current folder',
  },
  databaseUrl: {
    variable: 'DATABASE_URL',
    schema: url('postgres:', 'postgresql:')
      .transform((text) => new Secret(text))
      .optional(),
    about: 'The URL of a PostgreSQL (15 or newer) of your own',
    example: 'postgres://gatehouse:…@db.example.com:5432/gatehouse',
    unset: 'the bundled PostgreSQL',
  },
  publicUrl: {
    variable: 'GATEHOUSE_PUBLIC_URL',
    schema: url('http:', 'https:')
      .transform((text) => text.replace(/\/+$/, ''))
      .optional(),
    about: 'The URL under which people reach this server, for links in mails and notices',
    example: 'https://gatehouse.example.com',
    unset: 'the address it listens on',
  },
  trustedHops: {
    variable: 'GATEHOUSE_TRUSTED_PROXY_HOPS',
    schema: z.coerce.number().int().min(0).max(10).default(0),
    about: 'How many proxies of your own stand before the server (0 to 10)',
    example: '1',
    unset: '0: X-Forwarded-For is ignored',
  },
  egressAllow: {
    variable: 'GATEHOUSE_EGRESS_ALLOW',
    schema: z.string().default(''),
    about: 'Networks beyond the public internet that may be reached, as CIDRs with an optional port',
    example: '10.20.0.0/16,127.0.0.1:8080',
    unset: 'none',
  },
  registration: {
    variable: 'GATEHOUSE_REGISTRATION',
    schema: z.enum(['closed', 'open', 'invite']).default('closed'),
    about: 'Who may sign up: closed, open or invite',
    example: 'invite',
    unset: 'closed',
  },
  admins: {
    variable: 'GATEHOUSE_ADMINS',
    schema: z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((entry) => entry.trim().toLowerCase())
          .filter((entry) => entry !== ''),
      ),
    about: 'E-mail addresses of those who administer the instance, separated by commas',
    example: 'ops@example.com',
    unset: 'nobody',
  },
  smtpUrl: {
    variable: 'SMTP_URL',
    schema: url('smtp:', 'smtps:')
      .transform((text) => new Secret(text))
      .optional(),
    about: 'The URL of the mail server that sends our mails',
    example: 'smtps://user:…@mail.example.com:465',
    unset: 'no mail is sent, and flows that need it say so',
  },
  mailFrom: {
    variable: 'GATEHOUSE_MAIL_FROM',
    schema: z.string().min(3).default('Gatehouse <gatehouse@localhost>'),
    about: 'The sender of our mails',
    example: 'Gatehouse <gatehouse@example.com>',
    unset: 'gatehouse@localhost',
  },
  logLevel: {
    variable: 'GATEHOUSE_LOG_LEVEL',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
    about: 'What is logged: debug, info, warn, error or silent',
    example: 'info',
    unset: 'warn',
  },
  anchors: {
    variable: 'UPTIME_ANCHORS',
    schema: z
      .string()
      .default('')
      .refine(
        (text) => text === '' || text.split(',').every((entry) => /^[^\s:]+:\d{1,5}$/.test(entry.trim())),
      )
      .transform((text) =>
        text
          .split(',')
          .map((entry) => entry.trim())
          .filter((entry) => entry !== ''),
      ),
    about: 'Hosts that answer as long as our own uplink works, as HOST:PORT separated by commas',
    example: 'one.example.com:443,two.example.com:443',
    unset: 'none',
  },
} as const

export type ServerConfig = Config<typeof settings>['values']

/** Keys may come from the environment in place of their files; `embedded/first-run.ts` reads them. */
const keyVariables = [
  'GATEHOUSE_MASTER_KEY',
  'GATEHOUSE_PEPPER',
  'GATEHOUSE_JWT_KEY',
  'GATEHOUSE_SIGNING_KEY',
]
const testVariables = ['GATEHOUSE_TEST_DATABASE_URL', 'GATEHOUSE_TEST_TEMPLATE']

/** Reads the environment and `gatehouse.config.json` of the current folder. Throws when anything in them is wrong. */
export function readServerConfig(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): ServerConfig {
  return readConfig(settings, {
    env,
    file: readConfigFile(join(folder, 'gatehouse.config.json')),
    prefixes: ['GATEHOUSE_', 'UPTIME_'],
    alsoKnown: [...keyVariables, ...testVariables],
  }).values
}

function readConfigFile(path: string): Readonly<Record<string, unknown>> | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text))
  if (!parsed.success) throw new Error(`${path} must hold one JSON object`)
  return parsed.data
}
