import { parentPort } from 'node:worker_threads'
import { type TaskName, tasks } from './tasks.ts'

export type ComputeRequest = { readonly name: TaskName; readonly input: unknown }
/** `ready` is sent once, when the thread has loaded its modules. */
export type ComputeReply =
  | { readonly ready: true }
  | { readonly done: true; readonly value: unknown }
  | { readonly done: false; readonly error: unknown }

parentPort?.on('message', ({ name, input }: ComputeRequest) => {
  let reply: Exclude<ComputeReply, { readonly ready: true }>
  try {
    // Safe: the pool sends each task the input that its type names.
    const compute = tasks[name] as (input: unknown) => unknown
    reply = { done: true, value: compute(input) }
  } catch (error) {
    reply = { done: false, error }
  }
  parentPort?.postMessage(reply)
})

const ready: ComputeReply = { ready: true }
parentPort?.postMessage(ready)
