import type { SudoToken } from '@gatehouse/sdk'

type Asking = { readonly settle: (isProven: boolean) => void }

let held: SudoToken | undefined
let asking: (Asking & { readonly promise: Promise<boolean> }) | undefined
const listeners = new Set<() => void>()

/** The user's sudo token while it is valid. */
export function sudoToken(): string | undefined {
  return held !== undefined && Date.parse(held.expiresAt) > Date.now() ? held.sudoToken : undefined
}

/** Asks the user for a sudo proof, once for all waiting calls; false if they cancelled. */
export function proveAnew(): Promise<boolean> {
  if (asking !== undefined) return asking.promise
  const { promise, resolve } = Promise.withResolvers<boolean>()
  asking = { promise, settle: resolve }
  tell()
  return promise
}

/** Closes the sudo dialog, with a token or without one. */
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
