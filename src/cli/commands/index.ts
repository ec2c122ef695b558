import type { Command } from '../command.ts'
import { clientRotateSecret } from './client-rotate-secret.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { extend } from './extend.ts'
import { fields } from './fields.ts'
import { fill } from './fill.ts'
import { keysRotate } from './keys-rotate.ts'
import { openapi } from './openapi.ts'
import { outbox } from './outbox.ts'
import { sign } from './sign.ts'
import { start } from './start.ts'
import { tenantCreate } from './tenant-create.ts'
import { tenantList } from './tenant-list.ts'
import { validate } from './validate.ts'

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  start,
  demo,
  outbox,
  tenantCreate,
  tenantList,
  clientRotateSecret,
  keysRotate,
  sign,
  extend,
  validate,
  fields,
  fill,
  openapi,
  doctor,
]
