import type { Settings } from '@gatehouse/kernel/config'
import { Secret } from '@gatehouse/kernel/secrets'
import { z } from 'zod'
import { parseSentryDsn } from './faults/sentry-dsn.ts'

function isSentryDsn(text: string): boolean {
  return parseSentryDsn(text) !== undefined
}

/** The settings for monitoring an instance from elsewhere. */
export const watchSettings = {
  metricsToken: {
    variable: 'METRICS_TOKEN',
    schema: z
      .string()
      .regex(/^[\x21-\x7e]{32,512}$/)
      .transform((text) => new Secret(text))
      .optional(),
    about: 'The token with which Prometheus reads /metrics, sent as `Authorization: Bearer`',
    shape: '32 to 512 visible ASCII characters',
    example: 'the-output-of-openssl-rand-base64-32',
    unset: 'there is no /metrics',
  },
  sentryDsn: {
    variable: 'SENTRY_DSN',
    schema: z
      .string()
      .refine(isSentryDsn)
      .transform((text) => new Secret(text))
      .optional(),
    about:
      'The DSN of a Sentry project that is told of faults: what failed and where, and nothing that was sent to us',
    shape: 'a URL such as https://KEY@HOST/PROJECT',
    example: 'https://0123456789abcdef@sentry.example.com/42',
    unset: 'faults stay in the log',
  },
} as const satisfies Settings
