import { findUnfit, toFieldFaults } from '@gatehouse/kernel/endpoint'
import { importLine } from '../contract/interaction-shape.ts'
import type { Domain } from '../domain/interaction.ts'
import { oversightPolicy } from '../policy.ts'
import { noEvidence } from './judge-evidence.ts'
import { judgeClientTime, readInteraction, toContentHash } from './read-interaction.ts'
import type { RawLine } from './read-lines.ts'
import type { NewScore } from './record-scores.ts'

export type ImportedLine = {
  readonly kind: 'line'
  readonly operatorId: string
  readonly domain: Domain
  readonly score: NewScore
}

/** A line that cannot be counted, and why; the reason never repeats its content. */
export type RejectedLine = {
  readonly kind: 'reject'
  readonly field: string | null
  readonly message: string
}

/** Parses one import line into a score that its session identifies, or says what is wrong with it. */
export function parseImportLine(raw: RawLine, nowMs: number): ImportedLine | RejectedLine {
  if (raw.kind === 'bad') return reject(raw.message)
  if (isDeeperThan(raw.text, oversightPolicy.jsonDepthMax.usual)) return reject('is nested too deeply')
  const value = parseJson(raw.text)
  if (value === undefined) return reject('is not JSON')
  const unfit = findUnfit(value)
  if (unfit !== undefined)
    return { kind: 'reject', field: unfit.path === '' ? null : unfit.path, message: unfit.message }
  const parsed = importLine.safeParse(value)
  if (!parsed.success) {
    const [fault] = toFieldFaults(parsed.error, 'line')
    return { kind: 'reject', field: fault?.field ?? null, message: fault?.message ?? 'is not valid' }
  }
  const {
    operator_id: operatorId,
    domain,
    session_id: sessionId,
    request_id: requestId,
    case_id: caseId,
    label,
    ...interaction
  } = parsed.data
  const body = { ...interaction, behavioral_attestation: null }
  const late = judgeClientTime(body.client_ts, nowMs, 'client_ts')
  if (late !== undefined) return { kind: 'reject', ...late }
  return {
    kind: 'line',
    operatorId,
    domain,
    score: {
      ...readInteraction(body, nowMs),
      sessionId,
      name: null,
      contentHash: toContentHash(operatorId, domain, body),
      requestId,
      caseId,
      label,
      commitFingerprint: null,
      evidence: noEvidence,
    },
  }
}

function reject(message: string): RejectedLine {
  return { kind: 'reject', field: null, message }
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

/** Whether arrays and objects are nested deeper than `depthMax`; for text that is not JSON, the result is arbitrary. */
function isDeeperThan(text: string, depthMax: number): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (isInString) {
      if (character === '\\') at += 1
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') {
      depth += 1
      if (depth > depthMax) return true
    } else if (character === '}' || character === ']') depth -= 1
  }
  return false
}
