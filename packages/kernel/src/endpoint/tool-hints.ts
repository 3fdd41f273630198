import type { Tool } from './endpoint.ts'

/** Of a tool that only looks. */
export const readsTool = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const satisfies Tool['annotations']

/** Of a tool that adds each time that it is called. */
export const addsTool = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
} as const satisfies Tool['annotations']

/** Of a tool that adds, and where the same call again adds nothing. */
export const addsOnceTool = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const satisfies Tool['annotations']
