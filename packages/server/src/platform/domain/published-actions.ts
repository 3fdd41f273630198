/** What the public clients call what we store, the longest name first; a name that ends in a dot stands for its kind. */
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

/** An action as the public clients know it; as we store it where nothing else is published. */
export function toPublishedAction(action: string): string {
  const entry = published.find(([, ours]) => (ours.endsWith('.') ? action.startsWith(ours) : action === ours))
  return entry === undefined ? action : `${entry[0]}${action.slice(entry[1].length)}`
}

export function toPublishedResourceType(type: string): string {
  return resourceTypes.find(([, ours]) => ours === type)?.[0] ?? type
}

/**
 * The stored actions that a filter asks for, in whichever spelling: exact ones, and prefixes where it ends in a dot. A
 * prefix takes in every published name that begins with it, `team.` what is published as `team.member.` too.
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
