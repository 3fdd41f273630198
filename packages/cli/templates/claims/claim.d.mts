/** One answer of the API. Redirects are never followed. */
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Milliseconds from the first byte sent to the last received. */
  readonly tookMs: number
}

export type Call = {
  /** Default GET, or POST where there is a body. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  /** Sent as a bearer token. Take it from process.env, never from this folder. */
  readonly credential?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Text and bytes are sent as they are; anything else as JSON. */
  readonly body?: unknown
}

/** The API that --target names. A probe reaches nothing else. */
export type Target = {
  /** Without a slash at its end. */
  readonly origin: string
  /** Throws where no whole answer comes: the claim is then unknown. */
  readonly send: (path: string, call?: Call) => Promise<Answer>
}

export type Figures = Readonly<Record<string, number | string | boolean>>

/** Unknown is what a probe could not see; it never counts as good. */
export type Finding =
  | { readonly verdict: 'holds'; readonly figures?: Figures }
  | { readonly verdict: 'fails' | 'unknown'; readonly because: string; readonly figures?: Figures }

export type Claim = {
  /** Stable, dotted: `access.strangers-are-refused`. */
  readonly id: string
  /** What keeps the promise, in your own words: a rule, a part of the code, a requirement. */
  readonly control: string
  /** What you tell your customers. */
  readonly sentence: string
  /** Tries to prove the sentence false. */
  readonly probe: (target: Target, signal: AbortSignal) => Finding | Promise<Finding>
  /** After this, the claim is unknown. Default 60,000. */
  readonly timeoutMs?: number
  /** How many requests the probe may send; one more ends it. Default 1,000. */
  readonly requestsMax?: number
}
