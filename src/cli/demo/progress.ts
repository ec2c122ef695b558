import type { Output } from '../output.ts'
import type { Step } from './world.ts'

const TITLE_WIDTH = 78

/** Numbers the steps, times them, and prints each when it is over. */
export function openProgress(output: Output): Step {
  let number = 0
  return async (title, work) => {
    number += 1
    // Its own: an interrupted journey may still be in a step when the next one begins.
    const place = String(number).padStart(3)
    const begun = performance.now()
    const line = (mark: string) => {
      const duration = output.tone('faint', `${Math.round(performance.now() - begun)} ms`.padStart(8))
      return `${place} ${mark} ${title.padEnd(TITLE_WIDTH)}${duration}`
    }
    try {
      const result = await work()
      output.say(line(output.tone('good', '✓')))
      return result
    } catch (error) {
      output.say(line(output.tone('bad', '✗')))
      throw error
    }
  }
}

/** For what is done a second time and told in one line. */
export const silently: Step = (_title, work) => work()
