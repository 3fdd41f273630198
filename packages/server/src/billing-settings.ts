import type { Config, Settings } from '@gatehouse/kernel/config'
import { Secret } from '@gatehouse/kernel/secrets'
import { z } from 'zod'
import type { LiveSecrets } from './operations/live-secrets.ts'
import type { BillingSettings } from './service/billing-settings.ts'
import { list, url } from './setting-shapes.ts'

const secret = z
  .string()
  .regex(/^[\x21-\x7e]{8,512}$/)
  .transform((text) => new Secret(text))
  .optional()

const visible = '8 to 512 visible ASCII characters'

/** The settings of an instance that charges for its use; unset, nobody pays. */
export const billingSettings = {
  plans: {
    variable: 'GATEHOUSE_PLANS',
    schema: z.enum(['on', 'off']).default('off'),
    about: 'Whether plans limit what organisations may do with the volatility service',
    shape: 'on or off',
    example: 'on',
    unset: 'off, and nothing is limited by a plan',
  },
  paddlePrices: {
    variable: 'GATEHOUSE_PADDLE_PRICES',
    schema: list((entry) => /^[\w-]{1,80}=(?:pro|desk)$/.test(entry)).default([]),
    about: 'Which plan each price at Paddle buys',
    shape: 'PRICE=PLAN pairs separated by commas, where a plan is pro or desk',
    example: 'pri_01abc=pro,pri_01def=desk',
    unset: 'nothing can be bought',
  },
  paddleSecret: {
    variable: 'PADDLE_WEBHOOK_SECRET',
    schema: secret,
    about: 'The secret with which Paddle signs its events',
    shape: visible,
    example: 'pdl_ntfset_01abc_secret',
    unset: 'every event is refused',
  },
  paddleSecretBefore: {
    variable: 'PADDLE_WEBHOOK_SECRET_PREVIOUS',
    schema: secret,
    about: 'The one before it, while it is being replaced',
    shape: visible,
    example: 'pdl_ntfset_00abc_secret',
    unset: 'only the current one counts',
  },
  paddleApiKey: {
    variable: 'PADDLE_API_KEY',
    schema: secret,
    about: 'The key with which checkouts are started at Paddle',
    shape: visible,
    example: 'pdl_live_apikey_01abc',
    unset: 'no checkout can be started',
  },
  paddleApiUrl: {
    variable: 'PADDLE_API_URL',
    schema: url('http:', 'https:')
      .transform((text) => text.replace(/\/+$/, ''))
      .default('https://api.paddle.com'),
    about: 'Where the API of Paddle is, such as that of its sandbox',
    shape: 'a URL that starts with https://',
    example: 'https://sandbox-api.paddle.com',
    unset: 'https://api.paddle.com',
  },
} as const satisfies Settings

type BillingConfig = Config<typeof billingSettings>['values']

export function toBillingSettings(
  config: BillingConfig,
  secrets: Pick<LiveSecrets, 'accepted' | 'current'>,
): BillingSettings {
  return {
    arePlansOn: config.plans === 'on',
    prices: new Map(
      config.paddlePrices.flatMap((pair) => {
        const [price = '', plan] = pair.split('=')
        return plan === 'pro' || plan === 'desk' ? [[price, plan] as const] : []
      }),
    ),
    get webhookSecrets() {
      return [
        ...secrets.accepted('PADDLE_WEBHOOK_SECRET'),
        ...(config.paddleSecretBefore ? [config.paddleSecretBefore] : []),
      ]
    },
    get apiKey() {
      return secrets.current('PADDLE_API_KEY')
    },
    apiUrl: config.paddleApiUrl,
  }
}
