import { benchLogIn } from './log-in.ts'
import { benchSignatures } from './signatures.ts'

/* What is measured, each against its floor on the same machine in the same run. Nothing depends on the outcome. */
await benchSignatures()
await benchLogIn()
