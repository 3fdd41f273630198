import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'

/** Runs `work`, and writes a `.cpuprofile` of this process meanwhile when a path is given. */
export async function profiled<T>(path: string | undefined, work: () => Promise<T>): Promise<T> {
  if (path === undefined) return work()
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  const result = await work()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  await writeFile(path, JSON.stringify(profile))
  return result
}
