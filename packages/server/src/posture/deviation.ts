import type { Sentence } from './sentence.ts'

/** A setting that weakens a control. It declares itself, and the page prints it. */
export type Deviation = {
  /** The setting: `GATEHOUSE_STREAM_QUERY_KEY`. */
  readonly setting: string
  /** The control that is weaker: `G4`. */
  readonly control: string
  readonly sentence: Sentence
}
