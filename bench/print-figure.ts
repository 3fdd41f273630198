import type { Measured } from './figure.ts'

/** One line for people: both medians, the ratio with its range over the pairs, and the goal. */
export function printFigure({ figure, ratioRange }: Measured): string {
  const { name, unit, goal, ours, peer, peerName, met } = figure
  const values = `${toText(ours)}${peer === null ? '' : ` against ${toText(peer)}`} ${unit}`
  const ratio =
    ratioRange === undefined
      ? ''
      : `; ratio ${ratioRange.median.toFixed(2)} (${ratioRange.min.toFixed(2)} to ${ratioRange.max.toFixed(2)})`
  const verdict = met === null ? '' : `; goal ${goal}: ${met ? 'met' : 'MISSED'}`
  return `${name.padEnd(19)} ${values}${ratio}${peerName === null ? '' : ` of ${peerName}`}${verdict}`
}

function toText(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 })
}
