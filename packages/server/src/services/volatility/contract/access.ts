/** Market data is public. With a key, a request counts for its organisation, which also sees its own presets. */
export const publicRead = {
  kind: 'public',
  because: 'what markets do is public, and nothing here belongs to an organisation',
  limit: { name: 'anonymous', by: 'ip' },
  orKey: true,
} as const

/** Annotations for AI clients: the tool only reads. */
export const readsTool = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const

export const readScope = 'regime:read'
