/** How full an organisation is, and how what it holds is called. */
export type Kinds = {
  /** Of monitors, destinations, people and markets, at most. */
  readonly count: number
  readonly toName: (name: string) => string
  /** What every address of ours ends in. */
  readonly tail: string
}

export const states = ['empty', 'one', 'many', 'error', 'offline', 'long-words', 'long-urls'] as const
export type ScreenState = (typeof states)[number]

// Longer than any column, and nothing in it to break at.
const longWord = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung'

export function toKinds(state: ScreenState): Kinds {
  return {
    count: state === 'empty' ? 0 : state === 'one' ? 1 : 8,
    toName: state === 'long-words' ? (name) => `${name.slice(0, 20)}${longWord}` : (name) => name,
    tail: state === 'long-urls' ? `/${'path'.repeat(50)}` : '',
  }
}
