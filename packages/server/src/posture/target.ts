import type { ProbeOrg } from '../service/probe-orgs.ts'

export type { ProbeOrg } from '../service/probe-orgs.ts'

/** One request of a probe. Redirects are never followed. */
export type ProbeCall = {
  /** Default GET, or POST where there is a body. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  /** Sent as a bearer token. */
  readonly credential?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Text and bytes are sent as they are; anything else as JSON. */
  readonly body?: unknown
  /** It is the limit that is probed: a refusal for pace is the answer, and is never waited out. */
  readonly isOfLimit?: boolean
}

export type ProbeAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Milliseconds from the first byte sent to the last received: no look-up, no handshake. */
  readonly tookMs: number
}

/** What the deployment spoke where it was offered no newer protocol than one, or why it spoke nothing. */
export type Handshake = { readonly spoken: string | null; readonly refusedBecause: string | null }

/**
 * What outside probes talk to: one deployment, over the network alone. Each probe has an address of its own where the
 * deployment is on this machine, so that the limits of one do not reach another, nor people.
 */
export type Target = {
  /** Without a slash at its end. */
  readonly origin: string
  /** Throws where no whole answer comes: the probe then finds nothing. */
  readonly send: (path: string, call?: ProbeCall) => Promise<ProbeAnswer>
  /** A handshake that offers nothing newer than `newest`; null over plain HTTP. */
  readonly handshake: (newest: 'TLSv1.2' | 'TLSv1.3') => Promise<Handshake | null>
  /** The same deployment from another address: for limits by address. Beyond this machine there is only one. */
  readonly fromElsewhere: () => Target
  /** None, one or two: a probe that needs more than there are finds nothing (`unknown`). */
  readonly orgs: readonly ProbeOrg[]
}
