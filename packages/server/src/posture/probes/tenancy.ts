import { assertTenancy } from '@gatehouse/kernel/db'
import { fails, type Finding, holds } from '../finding.ts'
import type { Inside } from '../inside.ts'
import { countConfinedTables } from '../store/catalog-store.ts'

export async function judgeRowSecurity(inside: Inside): Promise<Finding> {
  const tables = await countConfinedTables(inside)
  try {
    await assertTenancy(inside.db)
  } catch (error) {
    return fails(error instanceof Error ? error.message : String(error), { tables })
  }
  return holds({ tables })
}
