import type { Sentence } from './sentence.ts'

/** A setting that weakens a control. It declares itself, and the page prints it. */
export type Deviation = {
  /** The setting: `GATEHOUSE_STREAM_QUERY_KEY`. */
  readonly setting: string
  /** The control that is weaker: `G4`. */
  readonly control: string
  readonly sentence: Sentence
  /** What the operator says of it; undefined: nothing, and the page says that too. */
  readonly declared?: Declared | undefined
}

export type Declared = {
  readonly reason: string
  /** Who answers for it, in words: a role, not a person. */
  readonly owner: string
  /** `2027-05-01` */
  readonly retireBy: string
}
