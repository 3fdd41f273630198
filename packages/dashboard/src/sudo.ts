import type { SudoToken } from '@gatehouse/sdk'

type Asking = { readonly settle: (isProven: boolean) => void }

let held: SudoToken | undefined
let asking: (Asking & { readonly promise: Promise<boolean> }) | undefined
const listeners = new Set<() => void>()

/** The fresh proof of this person, while it lasts. */
export function sudoToken(): string | undefined {
  return held !== undefined && Date.parse(held.expiresAt) > Date.now() ? held.sudoToken : undefined
}

/** Asks the person to prove themselves, once for all calls that need it; false when they would not. */
export function proveAnew(): Promise<boolean> {
  if (asking !== undefined) return asking.promise
  const { promise, resolve } = Promise.withResolvers<boolean>()
  asking = { promise, settle: resolve }
  tell()
  return promise
}

/** Ends the asking: with the proof, or without one. */
export function settleSudo(token: SudoToken | undefined): void {
  held = token ?? held
  const open = asking
  asking = undefined
  tell()
  open?.settle(token !== undefined)
}

export function forgetSudo(): void {
  held = undefined
  settleSudo(undefined)
}

export function isAskingSudo(): boolean {
  return asking !== undefined
}

export function onSudo(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function tell(): void {
  for (const listener of listeners) listener()
}
