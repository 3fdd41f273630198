import type { Endpoint } from '@gatehouse/kernel/endpoint'
import type { Problem } from '@gatehouse/kernel/problem'
import { type Envelope, type Refusal, toKnown } from '../service/envelope.ts'

export type WireError = { readonly status: number; readonly mediaType: string; readonly body: string }

export type Told = Pick<Refusal, 'requestId' | 'atMs' | 'publicPath'> & {
  readonly besideOutage?: Endpoint['besideOutage']
}

/** The only place that turns a Problem into the form that a client reads. */
export function toWireError(
  problem: Problem,
  envelope: Envelope,
  { besideOutage, ...told }: Told,
): WireError {
  const { code, status } = toKnown(envelope, problem)
  const beside = status >= 500 ? besideOutage : undefined
  return {
    status,
    mediaType: `${envelope.mediaType}; charset=utf-8`,
    body: JSON.stringify({ ...envelope.toBody({ code, status, problem, ...told }), ...beside }),
  }
}
