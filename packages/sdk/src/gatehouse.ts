import { instanceApi } from './instance.ts'
import { oversightApi, type OversightApi } from './oversight-api.ts'
import { platformApi, type PlatformApi } from './platform-api.ts'
import { createTransport } from './transport.ts'
import { uptimeApi, type UptimeApi } from './uptime-api.ts'
import { volatilityApi, type VolatilityApi } from './volatility-api.ts'

/** Connection options. Pass `accessToken` as a function if the token is refreshed: it is called before each request. */
export type GatehouseOptions = {
  readonly baseUrl: string
  readonly fetch?: typeof fetch
} & (
  | { readonly apiKey: string; readonly accessToken?: never }
  | { readonly accessToken?: string | (() => string | undefined); readonly apiKey?: never }
)

/** A client of one Gatehouse instance with one credential. Its methods reject with a GatehouseProblem. */
export class Gatehouse {
  readonly uptime: UptimeApi
  readonly oversight: OversightApi
  readonly volatility: VolatilityApi
  readonly platform: PlatformApi
  readonly instance: ReturnType<typeof instanceApi>

  constructor({ baseUrl, apiKey, accessToken, fetch: given }: GatehouseOptions) {
    const credential = typeof accessToken === 'function' ? accessToken : () => apiKey ?? accessToken
    // `fetch` is looked up at each call and called without a receiver: a browser's fetch refuses to be called as a
    // method of another object.
    const send = createTransport({ baseUrl, credential, fetch: given ?? ((...call) => fetch(...call)) })
    this.uptime = uptimeApi(send, apiKey === undefined ? '/dashboard' : '/api/v1')
    this.oversight = oversightApi(send)
    this.volatility = volatilityApi(send, {
      baseUrl,
      credential,
      connect: (url, protocol) => new WebSocket(url, protocol),
    })
    this.platform = platformApi(send)
    this.instance = instanceApi(send)
  }
}
