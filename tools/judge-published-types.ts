import { readFile } from 'node:fs/promises'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'

/** Prints what is wrong with the types in a tarball, as JSON; a process of its own, as its package needs. */
const analysis = await checkPackage(createPackageFromTarballData(await readFile(process.argv[2] ?? '')))
if (analysis.types === false) throw new Error('The package has no types')
// The package is ESM alone, as Node and bundlers read it; the resolver of before 2022 knows no `exports`.
const beside = new Set(['node10', 'node16-cjs'])
const problems = analysis.problems.filter(
  (problem) => !('resolutionKind' in problem && beside.has(problem.resolutionKind)),
)
process.stdout.write(JSON.stringify(problems))
