import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Milliseconds that NumPy takes for a figure once its columns are in memory; undefined where no Python was named. */
export type NumPy = (
  figure: string,
  columns: readonly Float64Array[],
) => Promise<(() => Promise<number>) | undefined>

const script = fileURLToPath(new URL('numpy-analytics.py', import.meta.url))

/** `python` is a Python that has NumPy; columns lie in `folder`. */
export function numPyOf(python: string | undefined, folder: string): NumPy {
  let files = 0
  return async (figure, columns) => {
    if (python === undefined) return undefined
    files += 1
    const file = join(folder, `${files}.f64`)
    await writeFile(
      file,
      columns.map((column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)),
    )
    return async () =>
      Number((await promisify(execFile)(python, [script, figure, file, String(columns.length)])).stdout)
  }
}
