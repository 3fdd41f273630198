import type { ProbeOrg } from '../service/probe-orgs.ts'

export type { ProbeOrg } from '../service/probe-orgs.ts'

/** One request of a probe. Redirects are never followed. */
export type ProbeCall = {
  /** Default: GET, or POST when there is a body. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  /** Sent as a bearer token. */
  readonly credential?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Text and bytes are sent as they are; anything else as JSON. */
  readonly body?: unknown
  /** True when a limit is being probed: a 429 is the answer, and is never waited out. */
  readonly isOfLimit?: boolean
}

export type ProbeAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Milliseconds from the first byte sent to the last received, without look-up and handshake. */
  readonly tookMs: number
}

/** The TLS version that the deployment chose, or why the handshake failed. */
export type Handshake = { readonly spoken: string | null; readonly refusedBecause: string | null }

/**
 * The deployment that an outside probe talks to, over the network alone. If the deployment is on this machine, each
 * probe has an address of its own, so that its limits affect neither other probes nor people.
 */
export type Target = {
  /** Without a trailing slash. */
  readonly origin: string
  /** Throws when no complete answer arrives: the result of the probe is then unknown. */
  readonly send: (path: string, call?: ProbeCall) => Promise<ProbeAnswer>
  /** Makes a handshake that offers nothing newer than `newest`; null over plain HTTP. */
  readonly handshake: (newest: 'TLSv1.2' | 'TLSv1.3') => Promise<Handshake | null>
  /** The same deployment from another source address, for limits by address. Beyond this machine there is only one. */
  readonly fromElsewhere: () => Target
  /** None, one or two orgs: the result of a probe that needs more is `unknown`. */
  readonly orgs: readonly ProbeOrg[]
}
