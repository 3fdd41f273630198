import { Secret, type Sealer } from '@gatehouse/kernel/secrets'
import { z } from 'zod'
import type { Destination } from './outgoing.ts'

const webhookConfig = z.object({ url: z.string(), secret: z.string() })
const emailConfig = z.object({ email: z.string() })

export type SealedChannel = {
  readonly id: string
  readonly type: 'email' | 'webhook'
  readonly sealedConfig: string
  readonly language: 'en' | 'ja'
}

/** Opens what a channel keeps sealed, for the one moment in which it is used. */
export function openChannelConfig(sealer: Sealer, orgId: string, channel: SealedChannel): Destination {
  const place = { orgId, table: 'uptime.channel', column: 'sealed_config', row: channel.id }
  const config: unknown = JSON.parse(sealer.open(place, channel.sealedConfig).reveal())
  switch (channel.type) {
    case 'webhook': {
      const { url, secret } = webhookConfig.parse(config)
      return { type: 'webhook', url, secret: new Secret(secret) }
    }
    case 'email':
      return { type: 'email', address: emailConfig.parse(config).email, language: channel.language }
  }
}
