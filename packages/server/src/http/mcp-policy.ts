import type { LimitRule } from '@gatehouse/kernel/limits'

/** Figures of `/mcp` (kernel L8): what a client says besides calling tools; a call counts like any other of its key. */
export const mcpPolicy = {
  path: '/mcp',
  messages: { name: 'mcp', limit: 600, windowSeconds: 60, whenStoreFails: 'refuse' },
} as const satisfies { readonly path: string; readonly messages: LimitRule }
