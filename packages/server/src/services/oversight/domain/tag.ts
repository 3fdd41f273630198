/** How many of the next trials are still post-error trials; part of the operator's ledger state. */
export type PostLeft = number

export type Tagged = { readonly isPostError: boolean; readonly postLeft: PostLeft }

/**
 * The tag of a trial at its place in the ledger, and the remaining number after it. Tags never change afterwards
 * (specification 4.3).
 */
export function tagTrial(
  postLeft: PostLeft,
  trial: { readonly isReliance: boolean; readonly discovers: boolean },
  window: number,
): Tagged {
  if (!trial.isReliance) return { isPostError: false, postLeft }
  const isPostError = postLeft > 0
  return { isPostError, postLeft: trial.discovers ? window : Math.max(0, postLeft - 1) }
}
