import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { readAdviceTable } from '../services/oversight/domain/advice-table.ts'
import { knownAnswers } from '../services/oversight/domain/known-answers/index.ts'
import {
  listDepartures,
  measureValidity,
  type ValidityReport,
} from '../services/oversight/domain/validity.ts'
import { currentModel } from '../services/oversight/params-hash.ts'
import { listModelFaults } from '../services/oversight/self-test.ts'

export type OversightValidation = {
  readonly modelVersion: string
  readonly paramsHash: string
  readonly answers: number
  /** The known answers that this build computes differently. */
  readonly faults: readonly string[]
  /** Null when the table was not found. */
  readonly validity: (ValidityReport & { readonly departures: readonly string[] }) | null
  readonly passed: boolean
}

/** A folder of public data beside a checkout. */
const besideCheckout = fileURLToPath(new URL('../../../../../shared/data/oversight/', import.meta.url))
const tableName = 'chatgpt-advice.csv.gz'

/** Tests every known answer, and the recipe on the public table: the given file, or the one beside the checkout. */
export async function validateOversight(file: string | undefined): Promise<OversightValidation> {
  const faults = listModelFaults()
  const csv = await readTable(file)
  const report = csv === undefined ? null : measureValidity(readAdviceTable(csv))
  const departures = report === null ? [] : listDepartures(report.measures)
  return {
    modelVersion: currentModel.version,
    paramsHash: currentModel.paramsHash,
    answers: knownAnswers.length,
    faults,
    validity: report === null ? null : { ...report, departures },
    passed: faults.length === 0 && departures.length === 0,
  }
}

/** Undefined when no file was named and there is no data folder beside the checkout. */
async function readTable(file: string | undefined): Promise<string | undefined> {
  if (file === undefined && !existsSync(besideCheckout)) return undefined
  const bytes = await readFile(file ?? `${besideCheckout}${tableName}`)
  // The first two bytes of gzip (RFC 1952).
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
  return (isPacked ? gunzipSync(bytes) : bytes).toString('utf8')
}
