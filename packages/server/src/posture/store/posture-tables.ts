export type EvidenceRow = {
  org_id: string
  id: string
  run_id: string
  claim: string
  verdict: 'holds' | 'fails' | 'unknown'
  started_at: Date
  ended_at: Date
  record: string
  key_id: string
  signature: string
}

export type RunState = 'waiting' | 'running' | 'done' | 'failed'

export type RunRow = {
  org_id: string
  id: string
  wanted: string[] | null
  state: RunState
  done: number
  total: number
  probing: string | null
  asked_at: Date
  ended_at: Date | null
}

export type PostureTables = {
  'posture.evidence': EvidenceRow
  'posture.run': RunRow
  'posture.policy': { org_id: string; hash: string; seen_at: Date }
}
