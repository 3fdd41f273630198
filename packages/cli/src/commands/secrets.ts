import { exitCodes, UsageError, type Command, type Values } from '../command.ts'

const which = 'master-key, pepper, jwt-key or signing-key'

export const secretsStatus: Command = {
  name: 'secrets status',
  summary: "Show the ages and versions of the server's own keys, and never a key",
  description: 'Works while the server runs. BEHIND is what still stands under older versions.',
  options: { json: { type: 'boolean', about: 'Print JSON' } },
  examples: ['gatehouse secrets status', 'gatehouse secrets status --json'],
  run: async (values, { env, folder, out, progress }) => {
    const { secretsStatus: read, withLocalInstance } = await import('@gatehouse/server/local')
    const status = await withLocalInstance({ env, folder, progress }, (local) => read(local, env))
    if (values['json'] === true) out(`${JSON.stringify(status)}\n`)
    else {
      out(`${['NAME', 'FROM', 'VERSION', 'MADE', 'BEHIND'].join('\t')}\n`)
      for (const { name, source, versions, current, behind } of status)
        for (const { version, madeAt } of versions) {
          const mark = version === current ? `${version} (current)` : String(version)
          out(`${[name, source, mark, madeAt ?? 'unknown', behind ?? '–'].join('\t')}\n`)
        }
    }
    return exitCodes.done
  },
}

export const secretsRotate: Command = {
  name: 'secrets rotate',
  summary: "Give one of the server's own keys a new version, without a stop",
  description:
    'A running server takes the new version at once and goes on accepting what older versions made. Of the master key, everything is sealed anew; begun again after an end in the middle, it goes on.',
  options: {
    name: { type: 'string', placeholder: 'NAME', about: which, required: true },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: ['gatehouse secrets rotate --name pepper', 'gatehouse secrets rotate --name master-key --json'],
  run: async (values, { env, folder, out, note, progress }) => {
    const { rotateSecret, withLocalInstance } = await import('@gatehouse/server/local')
    const name = await parseName(values)
    const rotated = await withLocalInstance({ env, folder, progress }, (local) =>
      rotateSecret(local, env, name),
    )
    if (values['json'] === true) out(`${JSON.stringify(rotated)}\n`)
    else {
      out(`${rotated.current}\n`)
      note(
        `Version ${rotated.current} of ${name} is current${rotated.moved === null ? '' : `; ${rotated.moved} values were sealed anew`}\n`,
      )
    }
    return exitCodes.done
  },
}

export const secretsRetire: Command = {
  name: 'secrets retire',
  summary: 'Take an old version of a key away, once nothing stands under it any more',
  options: {
    name: { type: 'string', placeholder: 'NAME', about: which, required: true },
    version: { type: 'string', placeholder: 'N', about: 'The version to take away', required: true },
  },
  examples: ['gatehouse secrets retire --name pepper --version 1'],
  run: async (values, { env, folder, note, progress }) => {
    const { retireSecret, withLocalInstance } = await import('@gatehouse/server/local')
    const name = await parseName(values)
    const version = Number(values['version'])
    if (!Number.isInteger(version)) throw new UsageError('--version must be a whole number')
    const source = await withLocalInstance({ env, folder, progress }, (local) =>
      retireSecret(local, env, name, version),
    )
    note(
      source === 'file'
        ? `Version ${version} of ${name} is gone\n`
        : `Version ${version} of ${name} is not needed any more: take its line out of the environment\n`,
    )
    return exitCodes.done
  },
}

async function parseName(values: Values) {
  const { isKeyName } = await import('@gatehouse/server/local')
  const name = String(values['name'])
  if (!isKeyName(name)) throw new UsageError(`--name must be ${which}`)
  return name
}
