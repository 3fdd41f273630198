import { afterAll, beforeAll, expect, it } from 'vitest'
import { tinyImages } from '../domain/fixtures/tiny-images.ts'
import { createLogoCache, type LogoCache } from '../pages/logo-cache.ts'
import { createPageCache, type PageCache } from '../pages/page-cache.ts'
import { previewPage } from '../pages/preview-page.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createService } from './create-service.ts'
import { removeLogo, setLogo } from './set-logo.ts'

let uptime: TestUptime
let pages: PageCache
let logos: LogoCache
let slugs = 0

beforeAll(async () => {
  uptime = await startTestUptime()
  pages = createPageCache(uptime.deps)
  logos = createLogoCache(uptime.deps)
})
afterAll(() => uptime.database.drop())

async function publish() {
  const member = await uptime.found()
  const slug = `logo-${(slugs += 1)}`
  const { id } = await createService(uptime.deps, member, { name: 'Our shop', slug })
  return { member, slug, id }
}

async function read(slug: string): Promise<string> {
  uptime.clock.advance(1_001)
  return (await pages.read({ slug, lang: 'en', acceptLanguage: undefined }))?.plain.toString() ?? ''
}

it('a-logo-is-shown-replaced-and-removed: under a name that changes with it, and that nobody can guess', async () => {
  const { member, slug, id } = await publish()
  const { logo } = await setLogo(uptime.deps, member, id, { content: tinyImages.png })
  expect(logo).toMatchObject({ width: 3, height: 2 })
  const file = logo?.path.replace('/status/assets/', '') ?? ''
  expect(await read(slug)).toContain(`<img src="assets/${file}" alt="Our shop" width="3" height="2"`)
  expect((await previewPage(uptime.deps, member, id, {})).html).toContain(file)
  const served = await logos.read(file)
  expect([served?.mediaType, served?.body.toString('base64')]).toEqual(['image/png', tinyImages.png])
  const other = await publish()
  const same = await setLogo(uptime.deps, other.member, other.id, { content: tinyImages.png })
  expect(same.logo?.path).not.toBe(logo?.path)

  const second = await setLogo(uptime.deps, member, id, { content: tinyImages.webpLossless })
  expect(second.logo?.path).toMatch(/\.webp$/)
  expect(await read(slug)).not.toContain(file)
  expect((await removeLogo(uptime.deps, member, id)).logo).toBeNull()
  expect(await read(slug)).toContain('<p class="brand">Our shop</p>')
  uptime.clock.advance(60_001)
  expect(await logos.read(file)).toBeUndefined()
})

it('what is no logo is refused by name, and changes nothing', async () => {
  const { member, id } = await publish()
  const { logo } = await setLogo(uptime.deps, member, id, { content: tinyImages.jpeg })
  const content = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>').toString('base64')
  await expect(setLogo(uptime.deps, member, id, { content })).rejects.toMatchObject({
    status: 400,
    detail: 'content: must be a PNG, JPEG or WebP image',
  })
  expect((await previewPage(uptime.deps, member, id, {})).html).toContain(logo?.path.slice('/status/'.length))
})

it("another org's logo is refused in the words of one that never existed", async () => {
  const [ann, eve] = [await publish(), await publish()]
  const calls = [
    (id: string) => setLogo(uptime.deps, eve.member, id, { content: tinyImages.png }),
    (id: string) => removeLogo(uptime.deps, eve.member, id),
  ]
  for (const call of calls) {
    const refusalOf = (id: string): Promise<unknown> => call(id).catch((error: unknown) => error)
    expect(await refusalOf(ann.id)).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(await refusalOf(ann.id)).toEqual(await refusalOf('01ARZ3NDEKTSV4RRFFQ69G5FAV'))
  }
})
