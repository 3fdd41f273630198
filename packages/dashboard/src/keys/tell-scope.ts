import { scopeWords } from '../words/scope-words.ts'

const texts = new Map<string, string>(Object.entries(scopeWords))

/** What a scope allows; one of another version is shown by its name. */
export function tellScope(scope: string): string {
  return texts.get(scope) ?? scope
}

/** A scope to choose: in words, with the name that programs use. */
export function toScopeChoice(scope: string) {
  return { value: scope, text: tellScope(scope), code: scope }
}
