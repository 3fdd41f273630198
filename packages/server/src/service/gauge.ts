export type GaugeReading = { readonly labels?: Readonly<Record<string, string>>; readonly value: number }

/** A metric of the present state, for monitoring systems. */
export type Gauge = {
  /** `gatehouse_` and what it counts, with its unit at the end. */
  readonly name: string
  readonly help: string
  /** The names of the labels of its readings. Default: none. */
  readonly labels?: readonly string[]
  /** Called at most once in ten seconds. Its cost must not grow with the stored data. */
  readonly read: () => readonly GaugeReading[] | Promise<readonly GaugeReading[]>
}
