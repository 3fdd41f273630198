export type Language = 'en' | 'ja'

/** The sentence for a code in each language, with the values stored with the code. */
export type Sentence<Values> = Readonly<Record<Language, (values: Values) => string>>

/** Sentences by their codes. */
export type Sentences = Readonly<Record<string, Sentence<never>>>

type ValuesOf<S> = S extends Sentence<infer Values> ? Values : never

/** One of the codes, with exactly the values that its sentence needs. */
export type FaultOf<S extends Sentences> = {
  [Code in keyof S & string]: { readonly code: Code; readonly values: ValuesOf<S[Code]> }
}[keyof S & string]

/** To the second, in UTC: `2026-03-01 09:30:00 UTC`. */
export function toTimeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
