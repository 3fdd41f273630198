/** What markets do is nobody's secret; a key counts for its organisation, and sees what is its own besides. */
export const publicRead = {
  kind: 'public',
  because: 'what markets do is public, and nothing here belongs to an organisation',
  limit: { name: 'anonymous', by: 'ip' },
  orKey: true,
} as const

/** How AI clients are offered what only reads. */
export const readsTool = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const

export const readScope = 'regime:read'
