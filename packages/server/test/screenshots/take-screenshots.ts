import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { buildDashboard, launchBrowser } from '../fixtures/dashboard-browser.ts'
import setUp from '../global-setup.ts'
import { type Picture, writeContactSheets } from './contact-sheet.ts'
import { listScreens } from './list-screens.ts'
import { breakScreen } from './break-screen.ts'
import { type ScreenState, states } from './sample-kinds.ts'
import { takePictures } from './take-pictures.ts'
import { startScreenServer } from './screen-server.ts'
import {
  judgeScreen,
  openStranger,
  openVisitor,
  type ScreenLanguage,
  settle,
  themes,
} from './visit-screen.ts'

const widths = [390, 820, 1_440] as const
const languages = ['en', 'ja'] as const
/** In the others a door looks the same. */
const doorStates: readonly ScreenState[] = ['one', 'error']

const usage = `usage: npm run screenshots [-- options]
  --screen NAME   such as uptime-monitors; several by repeating. Default: all
  --state NAME    ${states.join(', ')}. Default: all
  --theme NAME    light, dark
  --width PIXELS  ${widths.join(', ')}
  --lang CODE     en, ja
  --out FOLDER    Default: screenshots
  --list          names the screens
  --pictures      takes those of the README instead, into docs/pictures
`

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      screen: { type: 'string', multiple: true },
      state: { type: 'string', multiple: true },
      theme: { type: 'string', multiple: true },
      width: { type: 'string', multiple: true },
      lang: { type: 'string', multiple: true },
      out: { type: 'string', default: 'screenshots' },
      list: { type: 'boolean', default: false },
      pictures: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const screens = listScreens()
  if (values.help || values.list) {
    process.stdout.write(values.help ? usage : `${screens.map(({ name }) => name).join('\n')}\n`)
    return 0
  }
  if (values.pictures) {
    await withBrowser((browser) => takePictures(browser, 'docs/pictures'))
    return 0
  }
  const chosen = {
    screens: choose(screens, values.screen, ({ name }) => name),
    states: choose(states, values.state),
    themes: choose(themes, values.theme),
    widths: choose(widths, values.width),
    languages: choose(languages, values.lang),
  }
  if (Object.values(chosen).some((list) => list.length === 0)) {
    process.stderr.write(usage)
    return 2
  }
  return takeAll(chosen, values.out)
}

type Chosen = {
  readonly screens: ReturnType<typeof listScreens>
  readonly states: readonly ScreenState[]
  readonly themes: readonly (typeof themes)[number][]
  readonly widths: readonly (typeof widths)[number][]
  readonly languages: readonly ScreenLanguage[]
}

async function takeAll(chosen: Chosen, out: string): Promise<number> {
  await mkdir(out, { recursive: true })
  for (const name of await readdir(out)) if (/\.(?:png|html)$/.test(name)) await rm(join(out, name))
  const pictures: Picture[] = []
  await withBrowser(async (browser) => {
    for (const state of chosen.states) pictures.push(...(await takeState(browser, chosen, state, out)))
    await writeContactSheets(browser, pictures, out)
  })
  const faults = pictures.flatMap(({ file, faults: own }) => own.map((fault) => `${file}: ${fault}`))
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  process.stdout.write(`${pictures.length} pictures in ${out}, ${faults.length} faults\n`)
  return faults.length === 0 ? 0 : 1
}

/** With a PostgreSQL of its own, and the dashboard as it is now. */
async function withBrowser(work: (browser: Browser) => Promise<void>): Promise<void> {
  const tearDown = await setUp()
  try {
    await buildDashboard()
    const browser = await launchBrowser()
    try {
      await work(browser)
    } finally {
      await browser.close()
    }
  } finally {
    await tearDown()
  }
}

async function takeState(
  browser: Browser,
  chosen: Chosen,
  state: ScreenState,
  out: string,
): Promise<readonly Picture[]> {
  const { server, paths, stop } = await startScreenServer(state)
  const pictures: Picture[] = []
  try {
    for (const language of chosen.languages) {
      const member = await openVisitor(browser, server, language)
      const stranger = await openStranger(browser, server, language)
      for (const { path, name, isDoor } of chosen.screens) {
        if (isDoor && !doorStates.includes(state)) continue
        const visitor = isDoor ? stranger : member
        const { page } = visitor
        const mend = await breakScreen(page, state, () => visitor.visit(paths[path] ?? path))
        process.stdout.write(`${name}, ${state}, ${language}\n`)
        for (const width of chosen.widths)
          for (const theme of chosen.themes) {
            await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
            await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
            await settle(page)
            const file = `${name}.${state}.${theme}.${width}.${language}.png`
            // As high as what it shows: what sticks to an edge of the window would lie across the middle.
            const height = await page.evaluate<number>('document.documentElement.scrollHeight')
            await page.setViewportSize({ width, height })
            await page.screenshot({ path: join(out, file) })
            const faults = [...(await judgeScreen(page)), ...visitor.takeComplaints()]
            pictures.push({ file, screen: name, state, theme, width, language, faults })
          }
        await mend()
      }
      await member.close()
      await stranger.close()
      process.stdout.write(`${state}, ${language}: ${pictures.length} pictures\n`)
    }
  } finally {
    await stop()
  }
  return pictures
}

function choose<T>(
  all: readonly T[],
  wanted: readonly string[] | undefined,
  nameOf: (one: T) => string = String,
): readonly T[] {
  return wanted === undefined ? all : all.filter((one) => wanted.includes(nameOf(one)))
}
