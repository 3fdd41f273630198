import type { Page } from 'playwright-core'
import type { ScreenState } from './sample-kinds.ts'
import { settle } from './visit-screen.ts'

/** Opens a screen in the state that only the way to it makes; what comes back makes the way whole again. */
export async function breakScreen(
  page: Page,
  state: ScreenState,
  open: () => Promise<void>,
): Promise<() => Promise<void>> {
  switch (state) {
    case 'error': {
      // The frame asks who the person is; everything else fails.
      const failing = /\/(?:dashboard|admin|v1|api)\/(?!me$|sudo\/)/
      await page.route(failing, (route) =>
        route.request().resourceType() === 'document'
          ? route.continue()
          : route.fulfill({
              status: 500,
              json: { error: { code: 'INTERNAL', message: 'Something failed', status: 500 } },
            }),
      )
      await open()
      return () => page.unroute(failing)
    }
    case 'offline':
      await open()
      await page.context().setOffline(true)
      await settle(page)
      return () => page.context().setOffline(false)
    case 'empty':
    case 'one':
    case 'many':
    case 'long-words':
    case 'long-urls':
      await open()
      return async () => undefined
  }
}
