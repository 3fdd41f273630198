import type { Benchmark } from '../figure.ts'
import { measureConnectOverhead } from './connect-overhead.ts'
import { measureDecisions } from './decisions.ts'
import { measureSlowResolver } from './slow-resolver.ts'

/** P6: what the judgement of addresses costs, alone, around a connection, and behind a slow name server. */
export const egressJudge: Benchmark = async ({ note }) => {
  note('egress-judge: decisions in turn with ipaddr.js')
  return [
    ...measureDecisions(),
    ...(await measureConnectOverhead(note)),
    ...(await measureSlowResolver(note)),
  ]
}
