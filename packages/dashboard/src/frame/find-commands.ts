type Named = { readonly name: string }

/** Commands whose name contains every typed word; those that start with it come first. */
export function findCommands<Command extends Named>(
  commands: readonly Command[],
  text: string,
): readonly Command[] {
  const typed = text.trim().toLowerCase()
  const parts = typed.split(/\s+/)
  const fitting = commands.filter(({ name }) => parts.every((part) => name.toLowerCase().includes(part)))
  const isFirst = ({ name }: Named): boolean => name.toLowerCase().startsWith(typed)
  return [...fitting.filter(isFirst), ...fitting.filter((command) => !isFirst(command))]
}
