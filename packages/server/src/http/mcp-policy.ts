import type { LimitRule } from '@gatehouse/kernel/limits'

/**
 * The limits of `/mcp` (kernel L8): messages other than tool calls; a tool call counts like any other request of its
 * key.
 */
export const mcpPolicy = {
  path: '/mcp',
  messages: { name: 'mcp', limit: 600, windowSeconds: 60, whenStoreFails: 'refuse' },
} as const satisfies { readonly path: string; readonly messages: LimitRule }
