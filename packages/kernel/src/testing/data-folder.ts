import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const besideCheckout = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))

/**
 * Where data for tests lies that is not part of the project: beside the checkout, or where `GATEHOUSE_TEST_DATA` says. It
 * may be missing; where it is there, a file of it that is missing is a failure.
 */
export function dataFolder(name: string): string {
  return join(process.env['GATEHOUSE_TEST_DATA'] ?? besideCheckout, name)
}
