/** How long every attempt may fail before an endpoint is disabled (W5). */
export const failingMsMax = 5 * 24 * 60 * 60 * 1000

const toldAtPercent = [100, 90, 70, 50] as const

export type ToldPercent = (typeof toldAtPercent)[number]

/** The newest mark that was passed and not yet told; undefined when there is nothing new. At 100 the endpoint ends. */
export function judgeWebhookHealth(
  failingSinceMs: number,
  toldPercent: number,
  nowMs: number,
): ToldPercent | undefined {
  const percent = ((nowMs - failingSinceMs) / failingMsMax) * 100
  const passed = toldAtPercent.find((mark) => percent >= mark)
  return passed !== undefined && passed > toldPercent ? passed : undefined
}
