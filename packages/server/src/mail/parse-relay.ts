import { Secret } from '@gatehouse/kernel/secrets'

/** The operator's mail server, as given in `SMTP_URL`. */
export type Relay = {
  readonly hostname: string
  readonly port: number
  /** True for TLS from the first byte, as on port 465; otherwise STARTTLS is used when the server offers it. */
  readonly implicitTls: boolean
  readonly credentials: { readonly user: string; readonly password: Secret } | undefined
}

const portDefaults = { 'smtp:': 587, 'smtps:': 465 } as const

/** Parses `smtp://user:password@host:port` or `smtps://…`. Throws an error that does not quote the URL. */
export function parseRelay(url: Secret): Relay {
  const parsed = URL.parse(url.reveal())
  if (
    parsed === null ||
    (parsed.protocol !== 'smtp:' && parsed.protocol !== 'smtps:') ||
    parsed.hostname === ''
  )
    throw new Error('SMTP_URL must look like smtps://user:password@mail.example.com:465')
  return {
    hostname: parsed.hostname,
    port: parsed.port === '' ? portDefaults[parsed.protocol] : Number(parsed.port),
    implicitTls: parsed.protocol === 'smtps:',
    credentials:
      parsed.username === ''
        ? undefined
        : {
            user: decodeURIComponent(parsed.username),
            password: new Secret(decodeURIComponent(parsed.password)),
          },
  }
}
