/** The result of one probe at one time, in the form that is signed and published. */
export type Evidence = {
  v: 1
  id: string
  run_id: string
  claim: string
  control: string
  verdict: 'holds' | 'fails' | 'unknown'
  because: string | null
  figures: Record<string, number | string | boolean>
  started: string
  ended: string
  version: string
  build: string
  policy: string
  prober: 'self' | 'external'
  key_id: string
  signature: string
}
