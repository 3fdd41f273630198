/**
 * The public names of stored actions, the longest first; a name that ends in a dot stands for all actions with that
 * prefix.
 */
const published: readonly (readonly [theirs: string, ours: string])[] = [
  ['account.deletion_requested', 'user.schedule_deletion'],
  ['team.member.', 'invitation.'],
  ['team.member.', 'member.'],
  ['user.login', 'session.open'],
  ['user.logout', 'session.end'],
  ['api_key.', 'key.'],
  ['team.', 'org.'],
]

const resourceTypes: readonly (readonly [theirs: string, ours: string])[] = [
  ['team', 'org'],
  ['api_key', 'key'],
]

/** The public name of a stored action; the stored name if it has no other. */
export function toPublishedAction(action: string): string {
  const entry = published.find(([, ours]) => (ours.endsWith('.') ? action.startsWith(ours) : action === ours))
  return entry === undefined ? action : `${entry[0]}${action.slice(entry[1].length)}`
}

export function toPublishedResourceType(type: string): string {
  return resourceTypes.find(([, ours]) => ours === type)?.[0] ?? type
}

/**
 * The stored actions that a filter matches, by stored or public name: exact ones, and prefixes if the filter ends in a
 * dot. A prefix includes all public names that begin with it: `team.` includes what is published as `team.member.`.
 */
export function toStoredActions(filter: string): readonly string[] {
  const isPrefix = filter.endsWith('.')
  const translated = published.flatMap(([theirs, ours]) => {
    if (isPrefix && theirs.startsWith(filter)) return [ours]
    if (!theirs.endsWith('.')) return theirs === filter ? [ours] : []
    return filter.startsWith(theirs) ? [`${ours}${filter.slice(theirs.length)}`] : []
  })
  return [...new Set([filter, ...translated])]
}

export function toStoredResourceTypes(filter: string): readonly string[] {
  return [filter, ...resourceTypes.flatMap(([theirs, ours]) => (theirs === filter ? [ours] : []))]
}
