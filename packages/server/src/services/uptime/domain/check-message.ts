/** Values that a code's message is written with, as they are stored. */
export type MessageValues = Readonly<Record<string, string | number>>

type None = Readonly<Record<never, never>>

/** Every code of the error taxonomy (specification 4.6) with the values that its sentence needs. Times are in ms. */
export type CheckValues = {
  readonly dns_not_found: { readonly host: string }
  readonly dns_failed: { readonly host: string; readonly rcode: string }
  readonly connect_refused: { readonly ip: string; readonly port: string | number }
  readonly connection_reset: None
  readonly network_unreachable: { readonly ip: string }
  readonly connect_timeout: { readonly seconds: number }
  readonly tls_timeout: { readonly seconds: number }
  readonly response_timeout: { readonly seconds: number }
  readonly target_forbidden: None
  readonly tls_expired: { readonly date: string }
  readonly tls_name_mismatch: { readonly host: string }
  readonly tls_untrusted: { readonly reason: string }
  readonly tls_protocol: None
  /** `location` only where a redirect named one. */
  readonly unexpected_status: {
    readonly expected: string
    readonly status: number
    readonly location?: string
  }
  readonly invalid_http: None
  readonly headers_too_large: None
  readonly body_too_large: None
  /** `truncated` is 1 where the answer goes on beyond what is read. */
  readonly keyword_missing: { readonly keyword: string; readonly bytes: number; readonly truncated?: 1 }
  readonly keyword_present: { readonly keyword: string }
  /** `value` is what was found, unless there was nothing to find it in. */
  readonly json_mismatch: { readonly path: string } & (
    | { readonly value: string }
    | { readonly problem: 'missing' | 'not_json' | 'truncated' }
  )
  readonly dns_mismatch: { readonly type: string; readonly list: string }
  readonly page_unreadable: { readonly why: string }
  readonly selector_empty: { readonly selector: string }
  readonly page_changed: { readonly diff: string }
  readonly heartbeat_missed: { readonly lastMs: number; readonly dueMs: number }
  readonly heartbeat_failed: { readonly exit?: number }
  readonly agent_silent: { readonly lastMs: number }
  readonly domain_expired: { readonly domain: string; readonly date: string }
  readonly domain_unregistered: { readonly domain: string }
  readonly expires_soon: { readonly days: number; readonly date: string }
  readonly slow: { readonly ms: number; readonly limit: number }
  readonly host_threshold: { readonly what: string; readonly percent: number; readonly limit: number }
  readonly probe_offline: None
  readonly resolver_unavailable: None
  readonly node_overloaded: None
  readonly browser_failed: None
  readonly registry_unavailable: { readonly domain: string }
  readonly registry_no_expiry: { readonly suffix: string }
  readonly no_location_answered: None
  readonly quorum_not_reached: { readonly answered: number; readonly needed: number }
}

export type CheckCode = keyof CheckValues
