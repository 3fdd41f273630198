const barWidth = 30
const showEveryMs = 200

type Progress = {
  readonly done: number
  readonly of: number
  /** How many items were done in earlier runs. */
  readonly before: number
  /** Share of the whole work that is done, 0 to 1. */
  readonly share: number
}

/** A progress line with the share done, the rate and the estimated time left. */
export class ProgressBar {
  readonly #progress: (text: string) => void
  readonly #things: string
  readonly #startedMs = performance.now()
  #shownMs = 0
  #isShown = false

  /** `things` is the plural of what is counted, such as `bars`. */
  constructor(progress: (text: string) => void, things: string) {
    this.#progress = progress
    this.#things = things
  }

  show({ done, of, before, share }: Progress): void {
    const nowMs = performance.now()
    if (done < of && nowMs - this.#shownMs < showEveryMs) return
    this.#shownMs = nowMs
    this.#isShown = true
    const seconds = (nowMs - this.#startedMs) / 1_000
    const rate = Math.round((done - before) / Math.max(seconds, 0.001))
    const left = share === 0 ? '?' : toDuration((seconds * (1 - share)) / share)
    const full = Math.round((barWidth * done) / of)
    const bar = `${'#'.repeat(full)}${'.'.repeat(barWidth - full)}`
    this.#progress(`\r[${bar}] ${done}/${of} ${this.#things}, ${rate}/s, ${left} left   `)
  }

  end(): void {
    if (this.#isShown) this.#progress('\n')
    this.#isShown = false
  }
}

function toDuration(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
