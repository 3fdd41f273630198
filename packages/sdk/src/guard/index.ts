export { askFirst, DecisionHeld, guard, type GuardOptions, type Oversight } from './guard.ts'
export { expressGate, fastifyGate, type Describe, type HeldReply } from './http.ts'
export { guardToolCalls, type ToolCall, type ToolGateOptions } from './tool-calls.ts'
