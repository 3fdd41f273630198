import { publicPostureApi } from './posture-api.ts'
import type { ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** What an instance tells anybody about itself. */
export function instanceApi(send: Transport) {
  return {
    /** Resolves while the process is alive. */
    health: (options?: CallOptions) => send<ReplyOf<'readHealth'>>('GET', '/healthz', options),
    /** Which parts are in order; rejects while one is not. */
    readiness: (options?: CallOptions) =>
      send<Readonly<Record<string, boolean | readonly string[]>>>('GET', '/readyz', options),
    /** The keys that `verifyWebhook` takes, by way of `toWebhookKeys`. */
    signingKeys: (options?: CallOptions) =>
      send<ReplyOf<'readSigningKeys'>>('GET', '/.well-known/gatehouse-keys.json', options),
    /** Where to report a weakness (RFC 9116), as text. */
    securityText: async (options?: CallOptions) =>
      (await send<Blob>('GET', '/.well-known/security.txt', { ...options, as: 'blob' })).text(),
    /** What the running build is made of (CycloneDX 1.6). */
    sbom: (options?: CallOptions) =>
      send<Readonly<Record<string, unknown>>>('GET', '/.well-known/sbom.json', options),
    /** The OpenPGP key to encrypt a report to, as text; rejects where the operator has none. */
    reportKey: async (options?: CallOptions) =>
      (await send<Blob>('GET', '/security/pgp-key.asc', { ...options, as: 'blob' })).text(),
    /** What it claims of its security, and the evidence. */
    posture: publicPostureApi(send),
    /** The OpenAPI document. */
    openApi: (options?: CallOptions) =>
      send<Readonly<Record<string, unknown>>>('GET', '/openapi.json', options),
    /** The part of it that is of one service. */
    serviceOpenApi: (service: string, options?: CallOptions) =>
      send<Readonly<Record<string, unknown>>>('GET', `/openapi/${encodeURIComponent(service)}.json`, options),
  }
}
