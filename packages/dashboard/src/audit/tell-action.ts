import { platformActionWords } from '../words/platform-action-words.ts'
import { resourceWords } from '../words/resource-words.ts'
import { serviceActionWords } from '../words/service-action-words.ts'

const actions = new Map<string, string>(Object.entries({ ...platformActionWords, ...serviceActionWords }))
const resources = new Map<string, string>(
  Object.entries({ ...resourceWords, team: resourceWords.org, api_key: resourceWords.key }),
)

/** What was decided; what a program or another version wrote is shown by its name. */
export function tellAction(action: string): string {
  return actions.get(action) ?? action
}

export function isKnownAction(action: string): boolean {
  return actions.has(action)
}

export function tellResource(type: string): string {
  return resources.get(type) ?? type
}

/** All resources to choose from. */
export const resourceChoices = Object.entries(resourceWords).map(([value, text]) => ({ value, text }))

export type ActionGroup = {
  readonly text: string
  readonly choices: readonly { readonly value: string; readonly text: string }[]
}

/** All actions to choose from, by what they are about; those that a published format names have a group of their own. */
export function toActionGroups(published: string, everything: string): readonly ActionGroup[] {
  const groups = Map.groupBy(actions.keys(), (action) => action.slice(0, action.indexOf('.') + 1))
  const known = [...groups].map(([prefix, names]) => {
    const choices = names.map((name) => ({ value: name, text: tellAction(name) }))
    if (prefix === '') return { text: published, choices }
    const all = { value: prefix, text: everything }
    return {
      text: tellResource(prefix.slice(0, -1)),
      choices: choices.length > 1 ? [all, ...choices] : choices,
    }
  })
  return [...known, { text: resourceWords.custom, choices: [{ value: 'custom.', text: everything }] }]
}
