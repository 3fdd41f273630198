import { constants, copyFile, mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, exitCodes } from '../command.ts'

const templates = fileURLToPath(new URL('../../templates/claims', import.meta.url))

export const postureInit: Command = {
  name: 'posture init',
  summary: 'Begin a folder of claims about an API of your own',
  description:
    'Writes three claims, each a module with a sentence and a probe, for gatehouse posture verify --claims. They ask any HTTP\n' +
    'API, which need not be Gatehouse. A folder in which something lies stays as it is.',
  options: {
    folder: { type: 'string', placeholder: 'FOLDER', about: 'The folder to make; default: claims' },
  },
  examples: ['gatehouse posture init', 'gatehouse posture init --folder security/claims'],
  run: async (values, { folder, out, note }) => {
    const named = String(values['folder'] ?? 'claims')
    const target = resolve(folder, named)
    await mkdir(target, { recursive: true })
    if ((await readdir(target)).length > 0)
      throw new Error(`--folder: something lies in ${named} already, and nothing was written`)
    for (const file of (await readdir(templates)).toSorted()) {
      await copyFile(join(templates, file), join(target, file), constants.COPYFILE_EXCL)
      out(`${join(named, file)}\n`)
    }
    note(`Now: gatehouse posture verify --claims ${named} --target URL\n`)
    return exitCodes.done
  },
}
