import type { Sentence } from './sentence.ts'

/** A setting that weakens a control; the page shows it. */
export type Deviation = {
  /** The name of the setting: `GATEHOUSE_STREAM_QUERY_KEY`. */
  readonly setting: string
  /** The control that is weakened: `G4`. */
  readonly control: string
  readonly sentence: Sentence
  /** The operator's declaration; undefined when there is none, which the page shows too. */
  readonly declared?: Declared | undefined
}

export type Declared = {
  readonly reason: string
  /** Who is accountable for it: a role, not a person. */
  readonly owner: string
  /** Such as `2027-05-01`. */
  readonly retireBy: string
}
