import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { freePort } from '../../src/app/free-port.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import { openHttpClient } from '../support/http-client.ts'
import type { World } from '../support/journey.ts'
import { isLong } from '../support/journey-length.ts'
import { type ServingProcess, serveInProcess } from '../support/serving-process.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'
import { brokenRules, lostOf, verdictOn } from './journey-checks.ts'
import { beginTrail, type StepName, stepNames, steps, type Trail } from './journey-steps.ts'
import { killServer, serverPid } from './kill-server.ts'

type Victim = 'server' | 'database' | 'both'
type Moment = { readonly step: StepName; readonly when: 'after' | 'during' }

/** Ten moments of a journey at which something is killed. */
const MOMENTS: readonly Moment[] = [
  { step: 'signUp', when: 'after' },
  { step: 'logIn', when: 'during' },
  { step: 'enrichData', when: 'during' },
  { step: 'confirmPhone', when: 'after' },
  { step: 'startKyc', when: 'during' },
  { step: 'awaitApproval', when: 'after' },
  { step: 'upload', when: 'during' },
  { step: 'challenge', when: 'after' },
  { step: 'sign', when: 'during' },
  { step: 'download', when: 'after' },
]
const VICTIMS: readonly Victim[] = ['server', 'database', 'both']
/** A call takes about twenty milliseconds: the kill wanders through it from round to round. */
const DELAYS_MS = [4, 9, 1, 14, 6]
const READY_WITHIN_MS = 10_000
const JOURNEYS = isLong ? 5 : 1
const FILE = new Uint8Array(buildPdf('object-streams', { form: true, noise: 48_000 }))

/** A server that is started again on the same directory and port whenever it was killed. */
type Stage = { readonly directory: string; readonly port: number; server: ServingProcess; world: World }

async function openStage(directory: string): Promise<Stage> {
  const port = await freePort('127.0.0.1')
  const server = await serveInProcess(directory, port)
  const company = await server.makeCompany('Ceiba')
  return { directory, port, server, world: worldOf(server, company) }
}

function worldOf(server: ServingProcess, company: World['company']): World {
  return { http: openHttpClient(server.address), insight: server.insight, company }
}

/** Kills, starts what has to be started by hand, and waits until the server is ready. @returns milliseconds since the kill */
async function strike(stage: Stage, victim: Victim): Promise<number> {
  const begun = performance.now()
  switch (victim) {
    case 'server':
      await stage.server.kill()
      break
    case 'database':
      // Its last sessions may answer for some moments: only another one is a recovery.
      await killServer(stage.directory)
      break
    case 'both':
      process.kill(await serverPid(stage.directory), 'SIGKILL')
      await stage.server.kill()
  }
  stage.world.http.close()
  if (victim !== 'database') stage.server = await serveInProcess(stage.directory, stage.port)
  stage.world = worldOf(stage.server, stage.world.company)
  for (;;) {
    const { status } = await stage.world.http.call('GET', '/health/ready')
    const tookMs = Math.round(performance.now() - begun)
    if (status === 200) return tookMs
    if (tookMs > 2 * READY_WITHIN_MS) throw new Error(`not ready after ${tookMs} ms:\n${stage.server.log()}`)
    await sleep(20)
  }
}

type Blow = { readonly victim: Victim; readonly delayMs: number }

type Recovery = { readonly tookMs: number; readonly answer: 'before' | 'came' | 'lost' }

/** Takes one step with a kill in it. */
async function stepThroughKill(stage: Stage, trail: Trail, { step, when }: Moment, blow: Blow): Promise<Recovery> {
  if (when === 'after') {
    await steps[step](stage.world, trail, false)
    return { tookMs: await strike(stage, blow.victim), answer: 'before' }
  }
  // The answer may still come, or be lost, or say that the database is away: all the same to who tries again.
  const underWay = steps[step](stage.world, trail, false).then(
    () => true,
    () => false,
  )
  await sleep(blow.delayMs)
  const tookMs = await strike(stage, blow.victim)
  if (await underWay) return { tookMs, answer: 'came' }
  await steps[step](stage.world, trail, true)
  return { tookMs, answer: 'lost' }
}

type Survived = Recovery & { readonly moment: string; readonly victim: Victim }

/** One person's whole journey with a kill at each of the ten moments. */
async function walk(stage: Stage, round: number): Promise<Survived[]> {
  const survived: Survived[] = []
  const trail = await beginTrail(stage.world, FILE)
  for (const name of stepNames) {
    const index = MOMENTS.findIndex(({ step }) => step === name)
    const moment = MOMENTS[index]
    if (!moment) {
      await steps[name](stage.world, trail, false)
      continue
    }
    const victim = VICTIMS[(index + round) % VICTIMS.length] ?? 'both'
    const delayMs = DELAYS_MS[(index + round) % DELAYS_MS.length] ?? 1
    const recovery = await stepThroughKill(stage, trail, moment, { victim, delayMs })
    survived.push({ moment: `${moment.when} ${moment.step}`, victim, ...recovery })
    expect(await lostOf(stage.world, trail), `${victim} killed ${moment.when} ${name}`).toEqual([])
  }
  const file = trail.signedFile ?? Buffer.alloc(0)
  expect(file.subarray(0, FILE.length).equals(FILE)).toBe(true)
  expect(await verdictOn(stage.world, file)).toEqual({ indication: 'TOTAL-PASSED', coverage: ['whole_document'] })
  return survived
}

test(
  'what was acknowledged survives every kill, and the journey goes on to a signed document',
  async () => {
    const directory = await makeTemporaryDirectory('crash-journey')
    const stage = await openStage(directory.path)
    try {
      const survived: Survived[] = []
      for (let round = 0; round < JOURNEYS; round++) survived.push(...(await walk(stage, round)))
      expect(await brokenRules(stage.world.insight)).toEqual([])
      expect(survived).toHaveLength(JOURNEYS * MOMENTS.length)
      if (isLong) console.table(survived)
      expect(Math.max(...survived.map(({ tookMs }) => tookMs))).toBeLessThan(READY_WITHIN_MS)
    } finally {
      stage.world.http.close()
      await stage.server.stop()
      await directory.remove()
    }
  },
  JOURNEYS * 120_000,
)
