/** Rows rendered beyond the visible ones, so that scrolling shows no gap. */
const overscan = 8

export type TableWindow = {
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly abovePixels: number
  readonly belowPixels: number
}

/** The range of `count` rows of equal height that is rendered. */
export function toTableWindow(
  count: number,
  rowPixels: number,
  scrolledPixels: number,
  seenPixels: number,
): TableWindow {
  const first = Math.floor(Math.max(0, scrolledPixels) / rowPixels)
  const from = Math.max(0, Math.min(first, count - 1) - overscan)
  const to = Math.min(count, first + Math.ceil(seenPixels / rowPixels) + overscan + 1)
  return {
    from,
    to: Math.max(from, to),
    abovePixels: from * rowPixels,
    belowPixels: (count - Math.max(from, to)) * rowPixels,
  }
}
