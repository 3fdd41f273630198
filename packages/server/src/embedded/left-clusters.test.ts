import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findLeftClusters, noteOwner } from './left-clusters.ts'

let parent: string
let shared: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'gatehouse-left-'))
  shared = join(parent, 'shared')
  await mkdir(shared)
})
afterEach(() => rm(parent, { recursive: true }))

/** A cluster outside its data folder, which points to it. */
async function place(name: string): Promise<{ readonly cluster: string; readonly data: string }> {
  const [cluster, data] = [join(shared, name), join(parent, `data-${name}`)]
  await mkdir(cluster)
  await mkdir(data)
  await writeFile(join(data, 'postgres.location'), `${cluster}\n`)
  await noteOwner(cluster, data)
  return { cluster, data }
}

it('a cluster is left once its data folder is gone, or points to another', async () => {
  const [kept, gone, moved] = [await place('kept'), await place('gone'), await place('moved')]
  expect(await findLeftClusters(kept.cluster)).toEqual([])
  await rm(gone.data, { recursive: true })
  await writeFile(join(moved.data, 'postgres.location'), `${join(shared, 'new')}\n`)
  const left = await findLeftClusters(kept.cluster)
  expect(left.toSorted((one, other) => one.folder.localeCompare(other.folder))).toEqual([
    { folder: gone.cluster, dataFolder: gone.data },
    { folder: moved.cluster, dataFolder: moved.data },
  ])
})

it('a cluster that was deleted is not left', async () => {
  const [kept, gone] = [await place('kept'), await place('gone')]
  await rm(gone.data, { recursive: true })
  await rm(gone.cluster, { recursive: true })
  expect(await findLeftClusters(kept.cluster)).toEqual([])
})

it('beside a cluster within its data folder nothing is noted', async () => {
  await noteOwner(join(shared, 'postgres'), shared)
  expect(await readdir(shared)).toEqual([])
})
