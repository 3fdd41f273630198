import { publicPostureApi } from './posture-api.ts'
import type { ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** Public information about the instance; needs no credential. */
export function instanceApi(send: Transport) {
  return {
    /** Liveness: resolves while the process is running. */
    health: (options?: CallOptions) => send<ReplyOf<'readHealth'>>('GET', '/healthz', options),
    /** Readiness of each part; rejects while a part is not ready. */
    readiness: (options?: CallOptions) =>
      send<Readonly<Record<string, boolean | readonly string[]>>>('GET', '/readyz', options),
    /** The instance's public signing keys. Pass the result to `toWebhookKeys` for use with `verifyWebhook`. */
    signingKeys: (options?: CallOptions) =>
      send<ReplyOf<'readSigningKeys'>>('GET', '/.well-known/gatehouse-keys.json', options),
    /** The `security.txt` (RFC 9116), which says where to report a vulnerability, as text. */
    securityText: async (options?: CallOptions) =>
      (await send<Blob>('GET', '/.well-known/security.txt', { ...options, as: 'blob' })).text(),
    /** The software bill of materials of the running build (CycloneDX 1.6). */
    sbom: (options?: CallOptions) =>
      send<Readonly<Record<string, unknown>>>('GET', '/.well-known/sbom.json', options),
    /**
     * The OpenPGP public key for encrypting a vulnerability report, as text; rejects if the operator has configured
     * none.
     */
    reportKey: async (options?: CallOptions) =>
      (await send<Blob>('GET', '/security/pgp-key.asc', { ...options, as: 'blob' })).text(),
    /** The instance's security claims and their evidence. */
    posture: publicPostureApi(send),
    /** The OpenAPI document of the whole API. */
    openApi: (options?: CallOptions) =>
      send<Readonly<Record<string, unknown>>>('GET', '/openapi.json', options),
    /** The OpenAPI document of one service. */
    serviceOpenApi: (service: string, options?: CallOptions) =>
      send<Readonly<Record<string, unknown>>>('GET', `/openapi/${encodeURIComponent(service)}.json`, options),
  }
}
