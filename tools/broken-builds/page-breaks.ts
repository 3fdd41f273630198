import type { Break } from './break.ts'

const uptime = 'packages/server/src/services/uptime'
const layout = `${uptime}/usecases/layout.db.test.ts`

/** How each promise of status pages could come to be broken. */
export const pageBreaks: readonly Break[] = [
  {
    promise: 'a-page-is-arranged-as-a-whole',
    broken: 'what is not in the new layout stays where it was',
    file: `${uptime}/store/layout-store.ts`,
    find: "  await deleteUnnamed(tx, 'uptime.section', serviceId, sections)\n",
    replace: '',
    test: layout,
  },
  {
    promise: 'a-monitor-always-has-a-component',
    broken: 'a monitor that a layout does not name loses its component',
    file: `${uptime}/domain/layout.ts`,
    find: 'monitorId !== null && !named.has(id)',
    replace: 'monitorId === null && named.has(id)',
    test: layout,
  },
  {
    promise: 'a-monitor-always-has-a-component',
    broken: 'a monitor that moves leaves its component behind',
    file: `${uptime}/migrations/0009_page_layout.sql`,
    find: 'DO UPDATE SET service_id = NEW.service_id, section_id = NULL, position = NULL',
    replace: 'DO NOTHING',
    test: layout,
  },
  {
    promise: 'what-is-hidden-is-nowhere-public',
    broken: 'incidents of a hidden monitor are told',
    file: `${uptime}/pages/load-page.ts`,
    find: 'return isHidden ? [] : [',
    replace: 'return isHidden === undefined ? [] : [',
    test: layout,
  },
  {
    promise: 'what-is-hidden-is-nowhere-public',
    broken: 'once a hidden monitor is deleted, its incidents are told',
    file: `${uptime}/store/layout-store.ts`,
    find: "visibility = CASE WHEN c.hidden THEN 'hidden' ELSE i.visibility END",
    replace: 'visibility = i.visibility',
    test: layout,
  },
  {
    promise: 'sections-are-read-in-order',
    broken: 'every section shows what is in none',
    file: `${uptime}/pages/render-page.ts`,
    find: '(component) => component.sectionId === sectionId',
    replace: '(component) => component.sectionId === null || sectionId === null',
    test: `${uptime}/pages/render-page.test.ts`,
  },
  {
    promise: 'a-page-without-components-claims-nothing',
    broken: 'all of nothing is operational',
    file: `${uptime}/domain/status-page.ts`,
    find: "if (components.length === 0) return 'nothing'",
    replace: "if (components.length === 0) return 'none'",
    test: `${uptime}/pages/render-page.test.ts`,
  },
  {
    promise: 'an-arrangement-is-seen-before-it-is-saved',
    broken: 'what is hidden appears on a public page without being listed',
    file: 'packages/dashboard/src/status-pages/layout-editor.tsx',
    find: 'const revealed = service.isPublic === 1 ?',
    replace: 'const revealed = service.isPublic === 0 ?',
    test: 'packages/server/test/pages-and-incidents.browser.test.ts',
  },
  {
    promise: 'a-logo-is-what-it-holds',
    broken: 'a picture may be of any size',
    file: `${uptime}/domain/logo.ts`,
    find: 'if (size.width > pixelsMax || size.height > pixelsMax)',
    replace: 'if (size.width > pixelsMax && size.height > pixelsMax)',
    test: `${uptime}/domain/logo.test.ts`,
  },
  {
    promise: 'a-logo-is-shown-replaced-and-removed',
    broken: 'whoever has the picture can ask whether some page shows it',
    file: `${uptime}/usecases/set-logo.ts`,
    find: '.update(deps.randomBytes(32)).update(bytes)',
    replace: '.update(bytes)',
    test: `${uptime}/usecases/logo.db.test.ts`,
  },
]
