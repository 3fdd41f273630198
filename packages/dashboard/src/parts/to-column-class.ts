type Manner = {
  readonly isNumber?: true
  readonly isMinor?: true
  readonly isSpare?: true
}

/** The class names of a column's cells. */
export function toColumnClass({ isNumber, isMinor, isSpare }: Manner): string {
  return [
    ...(isNumber === true ? ['number'] : []),
    ...(isMinor === true ? ['minor'] : []),
    ...(isSpare === true ? ['spare'] : []),
  ].join(' ')
}
