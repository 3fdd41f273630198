export type ImportProgress = {
  readonly lines: number
  readonly perSecond: number
  readonly rejected: number
  /**
   * Share of the file read so far, 0 to 1; null if it says nothing, because the whole file is read first to be
   * sorted.
   */
  readonly share: number | null
  readonly elapsedMs: number
}

/** Formats as `12000 lines, 5000/s, 0 rejected, 62 %, 8 s left`. */
export function toProgressText({ lines, perSecond, rejected, share, elapsedMs }: ImportProgress): string {
  const counted = `${lines} lines, ${perSecond}/s, ${rejected} rejected`
  if (share === null || share <= 0) return counted
  const leftSeconds = Math.ceil((elapsedMs * (1 - share)) / share / 1_000)
  return `${counted}, ${Math.floor(share * 100)}%, ${toDuration(leftSeconds)} left`
}

function toDuration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7_200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3_600)} h`
}
