/** One thing that a guard objects to. `where` is a path from the root, with a line where there is one. */
export type Finding = { readonly rule: string; readonly where: string; readonly detail: string }

/** Prints what a guard found, ordered so that two runs print the same, and sets the exit code. */
export function report(guard: string, findings: readonly Finding[]): void {
  for (const line of findings.map(toLine).toSorted()) console.error(line)
  if (findings.length === 0) return
  console.error(`${guard}: ${findings.length} to mend`)
  process.exitCode = 1
}

function toLine({ rule, where, detail }: Finding): string {
  return `${where}  ${rule}: ${detail}`
}
