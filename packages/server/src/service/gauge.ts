export type GaugeReading = { readonly labels?: Readonly<Record<string, string>>; readonly value: number }

/** A figure of how things stand, for whoever watches the instance. */
export type Gauge = {
  /** `gatehouse_` and what it counts, with its unit at the end. */
  readonly name: string
  readonly help: string
  /** The names of the labels that its readings carry. Default: none. */
  readonly labels?: readonly string[]
  /** Asked once in ten seconds at most. What it costs must not grow with what is stored. */
  readonly read: () => readonly GaugeReading[] | Promise<readonly GaugeReading[]>
}
