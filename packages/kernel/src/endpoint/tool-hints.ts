import type { Tool } from './endpoint.ts'

/** The hints of a read-only tool. */
export const readsTool = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const satisfies Tool['annotations']

/** The hints of a tool that adds something with each call. */
export const addsTool = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
} as const satisfies Tool['annotations']

/** The hints of a tool that adds something, where a repeated call adds nothing more. */
export const addsOnceTool = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const satisfies Tool['annotations']
