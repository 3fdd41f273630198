import { validateOversight } from '../../packages/server/src/local/index.ts'
import {
  type Validity,
  publishedValidity,
} from '../../packages/server/src/services/oversight/domain/validity.ts'
import { alone, type Benchmark } from '../figure.ts'

const tolerance = 0.01

/** What each measure of oversight is worth on the one public table, beside what is published of it: no matter of speed. */
export const oversightValidity: Benchmark = async ({ note }) => {
  const { validity } = await validateOversight(undefined)
  if (validity === null) {
    note('oversight-validity is skipped: the public table does not lie beside this checkout')
    return []
  }
  const { people, decisions, measures, departures } = validity
  note(`oversight-validity: ${people} people, ${decisions} decisions, 300 random halves`)
  return measures.map((found, at) => {
    const published = publishedValidity[at]
    if (published === undefined) throw new Error(`Nothing is published of ${found.measure}`)
    return alone(
      {
        name: found.measure,
        unit: `between halves; ${toText(found)}`,
        goal: `${published.r.toFixed(2)}; ${toText(published)}, each ± ${tolerance}`,
      },
      found.r,
      !departures.includes(found.measure),
    )
  })
}

function toText({ withOverReliance, withFinalAccuracy, withTeamGain, decisionsFor80 }: Validity): string {
  const [over, final, gain] = [withOverReliance, withFinalAccuracy, withTeamGain].map((r) => r.toFixed(2))
  return `over-reliance ${over}, final accuracy ${final}, team gain ${gain}, ${decisionsFor80.toFixed(0)} decisions for 0.8`
}
